"""The passwords we make up, and their hashes."""

import asyncio
import secrets

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else


def new_password() -> str:
    """16 characters in groups, easy to copy from a screen: about 79 bits."""
    letters = [secrets.choice(_LETTERS) for _ in range(16)]
    return "-".join("".join(letters[start : start + 4]) for start in range(0, 16, 4))


async def hashed(password: str) -> str:
    """The argon2 hash of a password, computed in a thread because it is slow on purpose."""
    from argon2 import PasswordHasher

    return await asyncio.to_thread(PasswordHasher().hash, password)
