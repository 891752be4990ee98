"""Lifting a project: one three-way merge, planned and then carried out."""
