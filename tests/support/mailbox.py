"""A real SMTP server that keeps what it is given."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


class Mailbox:
    """Every message sent to anyone, in order; `refuse` makes the server answer with a temporary failure."""

    def __init__(self, port: int) -> None:
        self.messages: list[EmailMessage] = []
        self.refuse = False
        self.controller = Controller(self, hostname="127.0.0.1", port=port)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 (aiosmtpd's name)
        if self.refuse:
            return "451 Try again later"
        message = message_from_bytes(envelope.original_content or envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.messages.append(message)
        return "250 OK"

    def clear(self) -> None:
        self.messages.clear()
        self.refuse = False

    def to(self, address: str) -> list[EmailMessage]:
        """The messages to one address."""
        return [message for message in self.messages if address in str(message["To"])]

    def last_to(self, address: str) -> EmailMessage:
        found = self.to(address)
        assert found, f"nothing for {address}; there is mail for {[str(m['To']) for m in self.messages]}"
        return found[-1]

    def subjects_to(self, address: str) -> list[str]:
        return [" ".join(str(message["Subject"]).split()) for message in self.to(address)]

    def link_in_last_to(self, address: str, containing: str = "") -> str:
        """The path (with query) of the first link whose address contains a text."""
        body = text_of_message(self.last_to(address))
        for link in re.findall(r"https?://[^\s<>\"]+", body):
            if containing in link:
                return "/" + link.split("/", 3)[3] if link.count("/") > 2 else "/"
        raise AssertionError(f"no link with {containing!r} in {body!r}")


def text_of_message(message: EmailMessage) -> str:
    """The plain text."""
    part = message.get_body(preferencelist=("plain", "html"))
    return part.get_content() if part is not None else ""
