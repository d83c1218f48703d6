"""The TLS side of a database connection, by the rule of the settings."""

import ssl
from pathlib import Path
from typing import Literal

from core.database_url import DatabaseUrl
from core.errors import ConfigurationError


def tls_context(url: DatabaseUrl) -> ssl.SSLContext | Literal[False]:
    """Return what asyncpg takes as `ssl`: False for none, else a context that it must succeed with.

    `verify-full` checks the certificate against the trusted roots and its name against the host;
    `require` encrypts and checks nothing.

    Raises:
        ConfigurationError: The file of root certificates cannot be read.
    """
    if url.tls == "off":
        return False
    if url.tls == "require":
        unverified = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        unverified.check_hostname = False
        unverified.verify_mode = ssl.CERT_NONE
        return unverified
    return _verifying(url.ssl_root_cert)


def _verifying(root_cert: Path | None) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=root_cert)
    except OSError as error:
        msg = f"DATABASE_SSL_ROOT_CERT: {root_cert} holds no root certificates in PEM form ({error.strerror})"
        raise ConfigurationError(msg) from error
    # Python 3.13 began to refuse roots that leave out optional extensions, as those of some providers do.
    context.verify_flags = (context.verify_flags & ~ssl.VERIFY_X509_STRICT) | ssl.VERIFY_X509_PARTIAL_CHAIN
    return context
