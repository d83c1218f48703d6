"""The errors that linekeeper raises on purpose; anything else is a fault of ours and keeps its traceback.

LinekeeperError
├── ConfigurationError          a setting or an argument is wrong; names it and what is accepted
│   └── SecretNotWrittenError   a secret's SSM parameter is there, and waits for whoever writes it
├── StorageError                the database refused or could not be reached
│   ├── DatabaseUnreachableError
│   ├── DatabaseLostError       the connection was lost in the middle of a transaction
│   ├── TransactionRefusedError the server did not carry a transaction out just now, and kept nothing of it
│   ├── DatabaseTlsError        the server fails the TLS rule
│   ├── PasswordRefusedError    the owner of the schema may not give a role a password
│   ├── SchemaLockedError       a migration met a lock that was not given up
│   ├── AnswerNotStoredError    what the feed answered, and was paid for, could not be written
│   └── LeaseLostError          the run's turn is over: it writes nothing
├── SecretsUnavailableError     a secret cannot be read from its SSM parameter just now
├── AlertNotDeliveredError      a channel did not take an alert
├── StrategyError               a strategy failed, answered what it was not shown, or looks ahead
├── DeadlineError               an invocation did not end in the time that it had
├── InvocationFailedError       an invocation met an error whose text held a secret, told here without it
├── CreditsWithheldError        a call is not made: the credits left are not for it
└── FeedError                   the feed's answer (core/feed/errors.py has the leaves)
"""


class LinekeeperError(Exception):
    """Anything that linekeeper raises on purpose; its text is fit for a user's eyes."""


class ConfigurationError(LinekeeperError):
    """A setting or an argument is wrong; the text names it and says what is accepted."""


class SecretNotWrittenError(ConfigurationError):
    """A secret's parameter was made, and the secret has not been written into it yet; the text names it."""


class StorageError(LinekeeperError):
    """The database refused or could not be reached."""


class DatabaseUnreachableError(StorageError):
    """No connection to the database could be made."""


class DatabaseLostError(StorageError):
    """The connection was lost in the middle of a transaction; the text says whether it may have been committed."""


class TransactionRefusedError(StorageError):
    """The server did not carry a transaction out, for what may pass; nothing of it was kept."""


class PasswordRefusedError(StorageError):
    """The server takes no password for a role from the owner of the schema; the text says what the owner lacks."""


class DatabaseTlsError(StorageError):
    """The database server fails the TLS rule of the settings."""


class SchemaLockedError(StorageError):
    """A migration needs a lock that another session has; nothing was changed."""


class AnswerNotStoredError(StorageError):
    """An answer of the feed could not be written, though that was tried again; it has been paid for."""


class LeaseLostError(StorageError):
    """The run's turn is over, another has taken it: what it would write is refused."""


class CreditsWithheldError(LinekeeperError):
    """A priced call is not made, because the credits left do not cover it or are kept for closing looks."""


class SecretsUnavailableError(LinekeeperError):
    """SSM cannot hand out the secrets just now; the text names their parameters."""


class AlertNotDeliveredError(LinekeeperError):
    """A channel did not take an alert; the text says why, without the channel's address."""


class InvocationFailedError(LinekeeperError):
    """An invocation met an error whose text held a secret; this text does not."""


class StrategyError(LinekeeperError):
    """A strategy failed, or answered what it was not shown or no strategy may answer; the text says what."""


class DeadlineError(LinekeeperError):
    """An invocation did not end in the time that it had."""
