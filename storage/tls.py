"""The TLS side of a database connection, by the rule of the settings."""

import ssl
from pathlib import Path
from typing import Literal

from core.database_url import DatabaseUrl, Pem
from core.errors import ConfigurationError


def tls_context(url: DatabaseUrl) -> ssl.SSLContext | Literal[False]:
    """Return what asyncpg takes as `ssl`: False for none, else a context that it must succeed with.

    `verify-full` checks the certificate against the trusted roots and its name against the host; `verify-ca` the
    first alone, against a private root that signs for nobody else; `require` encrypts and checks nothing.

    Raises:
        ConfigurationError: The root certificates cannot be read, or verify-ca has none of its own.
    """
    if url.tls == "off":
        return False
    if url.tls == "require":
        unverified = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        unverified.check_hostname = False
        unverified.verify_mode = ssl.CERT_NONE
        return unverified
    context = _verifying(url.ssl_root_cert)
    if url.tls == "verify-ca":
        if url.ssl_root_cert is None:
            msg = (
                "DATABASE_TLS=verify-ca needs DATABASE_SSL_ROOT_CERT: a public authority signs for others too, "
                "and their names are not looked at"
            )
            raise ConfigurationError(msg)
        context.check_hostname = False
    return context


def _verifying(root_cert: Path | Pem | None) -> ssl.SSLContext:
    file, text = (root_cert, None) if isinstance(root_cert, Path) else (None, root_cert)
    try:
        context = ssl.create_default_context(cafile=file, cadata=text)
    except OSError as error:
        held = "its text" if file is None else str(file)
        msg = f"DATABASE_SSL_ROOT_CERT: {held} holds no root certificates in PEM form ({error.strerror})"
        raise ConfigurationError(msg) from error
    # Python 3.13 began to refuse roots that leave out optional extensions, as those of some providers do.
    context.verify_flags = (context.verify_flags & ~ssl.VERIFY_X509_STRICT) | ssl.VERIFY_X509_PARTIAL_CHAIN
    return context
