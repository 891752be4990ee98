"""From facts and checks to a level, a road and its cost."""
