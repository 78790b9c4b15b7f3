"""Answers as text, Markdown and JSON; nothing is computed here."""
