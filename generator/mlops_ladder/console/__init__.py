"""What a person reads on the terminal, and the files that a command was asked to write."""
