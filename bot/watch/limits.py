"""From when on somebody should look; the page at the desk and the alert rules have the same."""

from datetime import timedelta

INBOX_WAITS = timedelta(minutes=5)
OUTBOX_WAITS = timedelta(minutes=15)
REMINDERS_WAIT = timedelta(minutes=30)
CLOCKS_BEHIND = timedelta(minutes=10)
EMERGENCY_WAITS = timedelta(minutes=15)
"""Half of the time that sla.yaml gives."""

BACKUP_OLD = timedelta(hours=48)
PURGE_LATE = timedelta(days=3)
LITTLE_ROOM = 0.1
