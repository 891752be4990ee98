"""What code says and what runs what; nothing is imported or executed."""
