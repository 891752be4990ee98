"""The process that answers: from a request to the version that predicts, and what is counted of it."""
