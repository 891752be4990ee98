"""Making a project."""
