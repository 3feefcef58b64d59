"""Settings: everything that differs between two installations, one field each, with what it falls back to."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from gallery.config import rules


class Site(StrEnum):
    """The two applications of the program."""

    PUBLIC = "public"
    BACKOFFICE = "backoffice"


BOTH_SITES = frozenset(Site)


@dataclass(frozen=True)
class Settings:
    """Everything that differs between two installations; a wrong value raises SettingInvalid with the field's name."""

    # Folder of this machine: database, photos, keys, settings.toml.
    instance: Path
    # True on a service that victims use: weak or missing secrets and the two-sites-in-one application are refused.
    production: bool = False
    # Address the server listens on (also HOST).
    host: str = "127.0.0.1"
    # Port the server listens on (also PORT).
    port: int = 5000
    # Address of the database; empty: SQLite in the instance folder.
    database_url: str = ""
    # The same for the public process, with a role of its own on PostgreSQL; empty: database_url.
    public_database_url: str = ""
    # Connections to the database that one process has at most; more than its threads, since a request may take two.
    database_connections: int = 26
    # True: production may run on SQLite, whose file can be changed by whoever takes over the public process.
    one_machine_trusted_with_everything: bool = False
    # Folder or object-store address (s3://bucket/prefix) of the derivatives of published photos.
    public_store: str = ""
    # Folder or object-store address of the originals and of everything unpublished.
    private_store: str = ""
    # Who sends the bytes of public pictures once they are allowed: process, nginx (folder) or signed (object store).
    picture_delivery: str = "process"
    # Seconds that a connection to an object store may take.
    store_connect_seconds: float = 2.0
    # Seconds that an object store may be silent, and that the public site waits for a whole picture.
    store_answer_seconds: float = 3.0
    # Folder of the copy of the public catalogue that all processes of a machine map; empty: catalogue/ in the instance.
    snapshot_folder: str = ""
    # Where searches find signatures: memory (of each process), or pgvector (in PostgreSQL, for millions of photos).
    catalogue: str = "memory"
    # Image model that photos are also described with: the program's own, or an ONNX file; empty: none.
    encoder: str = "efficientnet-lite0"
    # Redis address for the rate limits of several processes; empty: counted in each process.
    redis_url: str = ""
    # Signs the cookies of the public site. Secret.
    public_secret_key: str = field(default="", repr=False)
    # Signs the cookies of the back office. Secret.
    backoffice_secret_key: str = field(default="", repr=False)
    # Keys the digest of officers' passwords before argon2. Secret.
    password_salt: str = field(default="", repr=False)
    # Mixed into what scrypt makes of a declaration's code; the same on both sites. Secret.
    declaration_pepper: str = field(default="", repr=False)
    # age identities that open sealed values, the newest first; the back office and the worker only. Secret.
    sealing_identity: str = field(default="", repr=False)
    # Keys digests of numbers and the second factor, 64 hexadecimal digits; empty: made of the oldest identity. Secret.
    digest_key: str = field(default="", repr=False)
    # Ed25519 key, 32 bytes in base64, that signs the manifests of albums; the back office only. Secret.
    signing_key: str = field(default="", repr=False)
    # Largest photo file, in bytes (a 12-megapixel JPEG is about 6 MB).
    max_upload_bytes: int = 25 * 1024 * 1024
    # Largest JPEG, in pixels: decoded at reduced scale. Progressive ones are kept whole: 80 megapixels.
    max_jpeg_pixels: int = 200_000_000
    # Largest picture of another format, in pixels.
    max_other_pixels: int = 50_000_000
    # Seconds after which a photo that is still being decoded is refused.
    max_decode_seconds: int = 8
    # Photos that one process decodes at once, with 0.15 GB each; a large one takes the places of two; others wait.
    max_photos_decoded_at_once: int = 2
    # Photos that one request of the back office may carry.
    max_photos_per_request: int = 20
    # Photos that may wait in one case before they become objects.
    max_lot_photos: int = 3000
    # Largest archive of Facebook albums that the back office takes, in bytes; the command line takes any.
    max_archive_bytes: int = 1024 * 1024 * 1024
    # Photos that a victim may search with at once.
    max_search_photos: int = 8
    # Searches by photo that run at once in one process; the next one is asked to wait.
    max_searches_at_once: int = 2
    # Requests whose bodies one process reads at once; it needs more threads than that, to answer pages meanwhile.
    max_uploads_at_once: int = 6
    # Bytes of photos and forms that one process has in memory at once; a search with all its photos must fit.
    max_upload_memory: int = 256 * 1024 * 1024
    # How often one browser may search by photo; without its cookie, all such browsers of an address together.
    search_rate: str = "10 per minute; 100 per hour"
    # Browsers that may use up their rates at one address: a town hall or a mobile network has one for many.
    browsers_at_one_address: int = 50
    # Reference of the legal act that allows declarations of victims; empty: none are taken.
    declarations_legal_act: str = ""
    # Date of the impact assessment of declarations (2026-11-29); empty: none are taken.
    declarations_impact_assessment: str = ""
    # A sentence that closes the forms of declarations and claims for a time and says why; empty: open.
    declarations_closed: str = ""
    # Objects that one declaration may have.
    max_declared_objects: int = 20
    # Photos that one declaration may have, of all its objects together.
    max_declared_photos: int = 40
    # How often one browser may send a declaration.
    declaration_rate: str = "6 per hour; 20 per day"
    # Browsers that may use up the rate of declarations, or that of claims, at one address.
    declaring_browsers_at_one_address: int = 5
    # How often all visitors together may send one, and as often add to one, in each process without Redis.
    declaration_overall_rate: str = "120 per hour; 1000 per day"
    # Declarations filed within an hour, and as many claims, from which on the next ones wait in quarantine.
    flood_per_hour: int = 60
    # The same for one contact within a day.
    flood_per_contact: int = 5
    # How often one browser may try a code of a declaration.
    code_rate: str = "10 per minute; 60 per hour"
    # How much the holder of a code may ask of a declaration, from whatever browser; deleting it is never refused.
    holder_rate: str = "30 per hour; 100 per day"
    # Days for which a drop that no key opens is kept in the inbox.
    unreadable_drop_days: int = 30
    # Days after its end for which a declaration is kept.
    declaration_grace_days: int = 30
    # Reference of the legal act that allows claims of published items; empty: none are taken.
    claims_legal_act: str = ""
    # Date of the impact assessment of claims (2026-11-29); empty: none are taken.
    claims_impact_assessment: str = ""
    # Proofs (photos and PDFs) that one sending of a claim may have.
    max_claim_proofs: int = 8
    # How often one browser may send a claim.
    claim_rate: str = "6 per hour; 20 per day"
    # How often all visitors together may send one, in each process without Redis.
    claim_overall_rate: str = "120 per hour; 1000 per day"
    # Days for which a claim is kept once the item was returned or the claim was not established.
    claim_days: int = 90
    # Days for which somebody whose claim was not established may contest that; counted from when they saw it.
    claim_contest_days: int = 183
    # Reference of the legal act that allows mails to victims; empty: none are sent, and victims are called.
    alerts_legal_act: str = ""
    # Date of the impact assessment of mails to victims (2026-11-29); empty: none are sent.
    alerts_impact_assessment: str = ""
    # Host of the server that mails to victims are handed to; empty: no mail, and victims are called.
    smtp_host: str = ""
    # Its port.
    smtp_port: int = 587
    # How the connection to it is encrypted: starttls, tls, or none (a server on this machine only).
    smtp_security: str = "starttls"
    # Account at that server; empty: none is needed.
    smtp_user: str = ""
    # Password of that account; the back office's side only. Secret.
    smtp_password: str = field(default="", repr=False)
    # Address that mails to victims come from.
    mail_sender: str = ""
    # Licence of the public data, as an address; a reader of the API and of the catalogue is told.
    data_licence: str = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
    # How many wrong attempts to sign in may come from one address.
    sign_in_rate: str = "10 per minute; 50 per hour"
    # How long a browser may keep a public photo, in seconds (an hour at most: withdrawn means gone).
    photo_cache_seconds: int = 3600
    # Memory for public pages already made, in bytes, in each process of the public site; 0: none is kept.
    kept_pages_bytes: int = 32 * 1024 * 1024
    # Items on one page of the gallery.
    page_size: int = 24
    # Hours after a sign-in at which an officer is signed out, whatever is being done.
    session_hours: int = 12
    # Minutes after which an officer who does nothing is signed out.
    session_idle_minutes: int = 30
    # Who signs in with an authenticator's code too: none, administrators, all; empty: administrators in production.
    second_factor_required: str = ""
    # Hours for which the link of an invitation opens an account.
    invitation_hours: int = 72
    # Hours for which the file of an album may be fetched once it is made (a week at most).
    export_hours: int = 24
    # Days after which a form that an officer has begun and not sent is forgotten.
    draft_days: int = 7
    # Days after which photos that wait in a case are forgotten, counted from the last act on them.
    lot_days: int = 30
    # Days for which the journal says who signed in, tried to, looked at what is private or changed a password.
    journal_days: int = 365
    # Theme of the pages: own, dsfr (State sites only), or a folder, as a path from the instance folder.
    theme: str = "own"
    # Folder of the theme's files that the program may not ship, from the instance folder; empty: themes/<theme>.
    theme_files: str = ""
    # Name of the service, on every page.
    site_name: str = "Objets retrouvés"
    # Whether telephones may install the sites, with a page for when there is no network.
    installable: bool = True
    # Who operates the service, for the legal pages.
    operator_name: str = ""
    # Postal address of the operator.
    operator_address: str = ""
    # Who answers for what is published.
    publication_director: str = ""
    # Name and address of the company or administration that hosts the service.
    hosting_provider: str = ""
    # How to reach the data protection officer.
    dpo_contact: str = ""
    # Where to report a hole in the service's security (mailto:, tel: or https://), for security.txt; empty: no file.
    security_contact: str = ""
    # Where to report accessibility problems.
    accessibility_contact: str = ""
    # Outcome of the RGAA audit: none, partial or full; empty: not evaluated.
    accessibility_level: str = ""
    # Who made the audit and which share of the criteria is met, as the declaration is to say it.
    accessibility_audit: str = ""
    # What is not accessible, and why: failures, disproportionate burden, content that is exempt.
    accessibility_gaps: str = ""
    # Day of the accessibility declaration, such as 2026-11-29; empty: not declared.
    accessibility_date: str = ""
    # Public address of the site, without a final slash; empty: the address of the request. Production needs it.
    public_address: str = ""
    # Facebook's Graph API with its version, without a final slash, for units that publish on their page.
    graph_address: str = "https://graph.facebook.com/v25.0"
    # Reverse proxies in front of the server whose X-Forwarded headers are believed.
    trusted_proxies: int = 0
    # Cookies travel by HTTPS only; production always does.
    secure_cookies: bool = False
    # How log lines are written: text, or json (one object a line, with the request's id).
    log_format: str = "text"
    # Folder in memory in which the processes of a machine count what /metrics shows; empty: nothing is shown of them.
    metrics_folder: str = ""
    # Seconds the worker sleeps when there is nothing to do.
    worker_pause_seconds: float = 1.0
    # Minutes after which work that a worker took and did not finish is given to another.
    worker_lease_minutes: int = 5
    # Hours after which a file that no row names is removed by `flask sweep`.
    orphan_hours: int = 24
    # Days for which what was swept from the private store stays in its trash.
    trash_days: int = 30
    # Public keys (age1...), separated by spaces, that backups are encrypted to; their other halves stay elsewhere.
    backup_recipients: str = ""
    # Free bytes on the disks of database and stores below which the back office says that it is not ready.
    least_free_bytes: int = 256 * 1024 * 1024

    def __post_init__(self) -> None:
        """Refuse nonsense."""
        rules.refuse_nonsense(self)

    @property
    def takes_declarations(self) -> bool:
        """Whether the operator has said what allows declarations of victims; without that there are none."""
        return bool(self.declarations_legal_act and self.declarations_impact_assessment)

    @property
    def takes_claims(self) -> bool:
        """Whether the operator has said what allows claims of published items; without that there are none."""
        return bool(self.claims_legal_act and self.claims_impact_assessment)

    @property
    def gives_codes(self) -> bool:
        """Whether visitors have codes by which they follow what they have sent."""
        return self.takes_declarations or self.takes_claims

    @property
    def sends_mail(self) -> bool:
        """Whether victims are written to: the operator has said what allows it, and by which server."""
        return bool(self.alerts_legal_act and self.alerts_impact_assessment and self.smtp_host)

    @property
    def second_factor_for(self) -> str:
        """Who must have a second factor: none, administrators or all."""
        return self.second_factor_required or ("administrators" if self.production else "none")

    @property
    def database_address(self) -> str:
        """The address for the back office, the worker and the command line."""
        return self.database_url or f"sqlite:///{self.instance / 'gallery.sqlite3'}"

    @property
    def public_database_address(self) -> str:
        """The address for the public site."""
        return self.public_database_url or self.database_address

    def database_address_of(self, site: Site) -> str:
        """The address that this site uses."""
        return self.public_database_address if site is Site.PUBLIC else self.database_address

    @property
    def public_store_address(self) -> str:
        """Where derivatives of published photos lie."""
        return self.public_store or str(self.instance / "photos" / "public")

    @property
    def snapshot_path(self) -> Path:
        """Where this machine's processes find the public catalogue to map."""
        return self.instance / (self.snapshot_folder or "catalogue")

    @property
    def metrics_path(self) -> Path | None:
        """Where the processes of this machine count; None: nowhere."""
        return self.instance / self.metrics_folder if self.metrics_folder else None

    @property
    def private_store_address(self) -> str:
        """Where originals and everything unpublished lie."""
        return self.private_store or str(self.instance / "photos" / "private")
