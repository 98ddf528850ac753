"""One-time codes from an officer's telephone (TOTP, RFC 6238) and the paper codes for its loss."""

from datetime import datetime
from hmac import compare_digest
from io import BytesIO

from bot.login.passwords import new_password
from storage.uow import UnitOfWork

STEP_SECONDS = 30
CODES = 10
DIGITS = 6


def new_secret() -> str:
    """160 random bits in base32, as the apps of telephones take them."""
    import pyotp

    return pyotp.random_base32()


def new_recovery_codes() -> list[str]:
    """As good as passwords: each opens the desk once."""
    return [new_password() for _ in range(CODES)]


def step_of(secret: str, code: str, now: datetime, last: int | None) -> int | None:
    """The half minute this code is good for: now, just before or just after, and not yet used."""
    import pyotp

    totp, here = pyotp.TOTP(secret), int(now.timestamp()) // STEP_SECONDS
    found = None
    for step in (here - 1, here, here + 1):
        right = compare_digest(totp.generate_otp(step).encode(), code.encode())
        if right and (last is None or step > last):
            found = step
    return found


async def takes_code(uow: UnitOfWork, officer_id: int, code: str, now: datetime) -> bool:
    """Whether the officer's telephone shows this code; it is used up then."""
    plain = "".join(code.split())
    factor = await uow.second_factors.of(officer_id, lock=True)
    if factor is None or len(plain) != DIGITS or not plain.isdecimal():
        return False
    step = step_of(factor.secret, plain, now, factor.last_step)
    if step is None:
        return False
    factor.last_step = step
    return True


def qr_picture(secret: str, account: str, issuer: str) -> bytes:
    """The picture a telephone reads the secret from, as SVG."""
    import pyotp
    import segno

    address = pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)
    out = BytesIO()
    segno.make(address, error="m").save(out, kind="svg", scale=6, border=4, light="#fff")
    return out.getvalue()


def in_groups(secret: str) -> str:
    """The secret as a person types it."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
