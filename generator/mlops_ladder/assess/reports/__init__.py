"""What a person reads of an assessment, the levels and a plan: as text, Markdown, HTML and a badge."""
