"""A program that asks a language model."""

from __future__ import annotations

CHAT = """
from openai import OpenAI

client = OpenAI()


def answer(question):
    reply = client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": question}])
    return reply.choices[0].message.content


answer(input())
"""


def bot(more: dict[str, str]) -> dict[str, str]:
    """A repository with the program and more files."""
    return {"chat.py": CHAT} | more
