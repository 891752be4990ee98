"""The CI configurations of all hosts, as one kind of job."""
