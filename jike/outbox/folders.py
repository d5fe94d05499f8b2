"""The broker of a machine without Redis: a folder of messages, written and taken by renaming.

Kombu's own writes in place, so that a worker polling every 50 ms can take a message that is still empty, and stops on it.
"""

from __future__ import annotations

import json
import logging
import os
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any, ClassVar

from kombu.transport import filesystem, virtual

logger = logging.getLogger(__name__)


class Channel(filesystem.Channel):
    """Messages appear whole and are taken by one worker alone. What is no message is dropped."""

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:
        folder = Path(self.data_folder_out)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = f"{time.time_ns():020d}_{uuid.uuid4()}.{queue}.msg"
        draft = folder / f".{name}"
        draft.write_text(json.dumps(payload), encoding="utf-8")
        draft.rename(folder / name)

    def _get(self, queue: str) -> Any:
        folder = Path(self.data_folder_in)
        try:
            names = sorted(entry.name for entry in os.scandir(folder) if entry.name.partition(".")[2] == f"{queue}.msg")
        except FileNotFoundError:
            raise Empty from None
        for name in names:
            taken = folder / f".{name}.taken"
            try:
                (folder / name).rename(taken)
                text = taken.read_text(encoding="utf-8")
                taken.unlink()
                payload = json.loads(text)
                if isinstance(payload, dict) and isinstance(payload.get("properties"), dict):
                    return payload
            except FileNotFoundError:
                continue
            except ValueError:
                pass
            logger.warning("outbox.bad_ring code=ring.unreadable")
        raise Empty


class Transport(filesystem.Transport):
    """Use it as `broker_transport` with the address `filesystem://`."""

    Channel = Channel
    global_state: ClassVar = virtual.BrokerState()
