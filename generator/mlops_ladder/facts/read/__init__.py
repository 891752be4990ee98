"""Bytes into text and data, within bounds."""
