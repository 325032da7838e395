"""The only way out: mail by SMTP, or into files where no server is set."""

import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from urllib.parse import unquote, urlsplit

TIMEOUT = 15  # seconds
_UNQUOTABLE = dict.fromkeys(map(ord, '"\\'))


def write_message(address: str, subject: str, body: str, sender: str, name: str = "") -> EmailMessage:
    """A plain text message from an address, under the name of whose it is. A line end in a header is refused by EmailMessage, so they are taken out."""
    message = EmailMessage()
    said = " ".join(name.split()).translate(_UNQUOTABLE)
    message["From"] = f'"{said}" <{sender}>' if said else sender
    message["To"] = address
    message["Subject"] = " ".join(subject.split())
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2] or "localhost")
    message.set_content(body)
    return message


def send_by_smtp(mail_url: str, message: EmailMessage) -> None:
    """Send through `smtp://user:pass@host:587` (STARTTLS where offered, demanded with a password) or `smtps://`. Raises OSError or SMTPException."""
    parts = urlsplit(mail_url)
    host, tls = parts.hostname or "localhost", ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=TIMEOUT, context=tls)
    else:
        server = smtplib.SMTP(host, parts.port or 587, timeout=TIMEOUT)
    with server:
        server.ehlo()
        if parts.scheme == "smtp" and (server.has_extn("starttls") or parts.password):
            server.starttls(context=tls)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)


def send_to_file(folder: Path, name: str, message: EmailMessage) -> None:
    """Into a folder that others on the machine cannot read: mail opens doors."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / f"{name}.eml").write_bytes(bytes(message))
