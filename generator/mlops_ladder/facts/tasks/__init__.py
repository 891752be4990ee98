"""Named tasks that people and CI run, one file a tool."""
