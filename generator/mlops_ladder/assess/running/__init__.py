"""What `ladder assess --run` executes: chosen, copied, kept from what is the user's own, and ended."""
