"""Domain errors in words, for the terminal."""

from gallery import errors
from gallery.cli.imports import sentences
from gallery.cli.spoken import said, told
from gallery.errors import photos
from gallery.services.facebook.outbox import MAX_PHOTOS
from gallery.services.imports.refusals import CellRefused, ImportRefusal
from gallery.services.storekeeping import wording

OBSTACLES = {
    "no_public_photo": "it has no photo that may be public",
    "category_never_public": "its category is never public",
    "case_not_authorised": "its case has no authorisation to publish",
    "unit_unreachable": "its unit has neither a public telephone nor a public e-mail address",
    "unreadable": "what is hidden of it can't be opened: edit it, and write it again",
    "telling_title": "its title says what is hidden from the public: change the title, or no longer hide it",
    "handed_back": "it was given back to its owner",
    "promised": "a claimant was promised it",
    "file_absent": "the file of one of its photos is missing",
}
ARCHIVE_FAULTS = {
    "not_a_zip": "this is no ZIP file",
    "damaged": "the archive is damaged; download it again",
    "locked": "the archive is protected by a password",
    "strange_name": "the archive names files outside of itself",
    "link": "the archive has links instead of files",
    "same_name": "the archive has two files of the same name",
    "too_many_files": "the archive has too many files",
    "inflated": "unpacked, the archive would be out of all proportion",
    "pages": "this archive is in the HTML form: ask Facebook for the JSON form",
    "no_album": "the archive has neither albums nor posts; ask Facebook for the posts of the page, with their photos",
}
SCHEMAS = {
    "absent": "the database has no tables yet: run `flask --app wsgi:backoffice migrate`",
    "too_old": (
        "the database ({found}) is older than this program ({known}): run `flask --app wsgi:backoffice migrate`"
    ),
    "half_moved": "`flask move` into this database has not ended: run it again, and start nothing before it has",
    "too_new": "this program ({known}) can't work with the newer database ({found}): upgrade the program",
}
MALFORMED = {
    "code": "is malformed: 2 to 32 capitals, digits, hyphens or underscores, such as GGD35",
    "departement": "is no département: 35, 2A, 974 ...",
}
SENTENCES: dict[type[errors.GalleryError], str] = {
    errors.PhotoUnreadable: "not a readable photo, or damaged",
    photos.PhotoDeleted: "an officer deleted this photo: where it is to be shown again, add it in the back office",
    photos.FileEmpty: "the file is empty: copy the photo again",
    photos.FileIsVideo: "a video, not a photo",
    photos.FileIsDocument: "a document, not a photo",
    photos.FileIsArchive: "a compressed folder, not a photo: unpack it",
    errors.PhotoIsRaw: "a RAW without a large preview: export it as JPEG",
    errors.PhotoTooLarge: "larger than allowed",
    errors.PhotoTooSmall: "too small to show anything",
    errors.PhotoTooNarrow: "far too narrow to show anything",
    errors.PhotoTooDemanding: "takes more time or memory to read than any photo of a camera; export it again as JPEG",
    errors.DecodersBusy: "too many photos are being read at once; run the command again",
    errors.DecoderStopped: "the process that reads photos can't be started",
    errors.KeyAbsent: "this needs the back office's keys: run it with `flask --app wsgi:backoffice`",
    errors.SealBroken: "a confidential value can't be opened: sealing_identity is not the one that sealed it",
    errors.SignatureUnreadable: "the signature is damaged",
    errors.AlbumEmpty: "nothing of that is published: there is no album to make",
    errors.TooManyForPost: "the album has more photos than one post shows ({limit})",
    errors.PhotoInNoAlbum: "no album and no post of the archive lists it; another part of it may",
    errors.PhotoNotInArchive: "an album lists it, and the archive has no such file; another part of it may",
    errors.FilmMakerAbsent: "a film needs PyAV: run `pip install --require-hashes -r requirements-extra.txt`",
    errors.AddressInvalid: "this is no e-mail address, such as name@unit.example",
    errors.UnitUnreachable: "a unit with published items needs a telephone or an e-mail address",
    errors.ExtensionAbsent: (
        "PostgreSQL has no pgvector here, or this role may not add it: install pgvector 0.7 or later, let a superuser"
        " run `CREATE EXTENSION vector` in this database, then run the command again"
    ),
    errors.BackupAbsent: "there is no whole backup here, or none of this name: `flask restore SOURCE --list`",
    errors.BackupLocked: "this key does not open the backup: give the one that belongs to its `backup_recipients`",
    errors.ChangedMeanwhile: "someone else changed it at the same time; run the command again",
}


def sentence_for(error: errors.GalleryError) -> str:
    """What went wrong, with the value or the limit that was passed where there is one."""
    if isinstance(error, errors.StoreRefused | errors.Outage):
        return told(wording.why(error))
    if isinstance(error, errors.PhotoRefused):
        return _of_photo(error)
    if isinstance(error, ImportRefusal):
        return sentences.sentence_for(error)
    return _with_value(error)


def _with_value(error: errors.GalleryError) -> str:
    match error:
        case errors.PublicationRefused(obstacles=obstacles):
            return said("can't be published: ") + ", ".join(said(OBSTACLES[obstacle]) for obstacle in obstacles)
        case errors.ArchiveRefused(fault=fault):
            return said(ARCHIVE_FAULTS[fault])
        case errors.SchemaUnfit(fit=fit, found=found, known=known):
            return said(SCHEMAS[fit], found=found, known=known)
        case CellRefused():
            return sentences.of_cell(error)
        case errors.FieldInvalid(field=field, value=value):
            return f"{field}: {value!r} {_why(error)}"
        case errors.BackupOfAnother() | errors.BackupBusy():
            return _of_backup(error)
        case _ if type(error) in NOUNS:
            return said("{what}: {which}", what=said(NOUNS[type(error)]), which=error)
    return _of_kind(error)


def _of_backup(error: errors.BackupOfAnother | errors.BackupBusy) -> str:
    if isinstance(error, errors.BackupBusy):
        return said(
            "another backup is being written here, or was killed; try again in {minutes} minutes", minutes=error.minutes
        )
    if not error.theirs:
        return said("files that are no backup are here, and this is database {ours}", ours=error.ours)
    return said(
        "backups of database {theirs} are here, and this is database {ours}", theirs=error.theirs, ours=error.ours
    )


def _of_photo(error: errors.PhotoRefused) -> str:
    match error:
        case errors.PhotoTooLarge():
            return _too_large(error)
        case errors.PhotoTooSmall(limit_pixels=limit):
            return said("the short side has under {limit} pixels", limit=limit)
    return _of_kind(error)


def _of_kind(error: errors.GalleryError) -> str:
    known = SENTENCES.get(type(error))
    return said(known, limit=MAX_PHOTOS) if known else f"{type(error).__name__} {error}".strip()


def _why(error: errors.FieldInvalid) -> str:
    if isinstance(error, errors.AlreadyTaken):
        return said("is taken already")
    return said(MALFORMED.get(error.field, "can't be used"))


def _too_large(error: errors.PhotoTooLarge) -> str:
    if error.limit_megabytes is not None:
        return said("over {limit} MB", limit=error.limit_megabytes)
    if error.limit_megapixels is not None:
        return said("over {limit} megapixels", limit=error.limit_megapixels)
    if error.limit_progressive_megapixels is not None:
        return said("a progressive JPEG of over {limit} megapixels", limit=error.limit_progressive_megapixels)
    return said(SENTENCES[errors.PhotoTooLarge])


NOUNS: dict[type[errors.GalleryError], str] = {
    errors.UnitNotFound: "no unit has this code",
    errors.CategoryNotFound: "no category has this code",
    errors.FacebookPageNotFound: "no Facebook page is connected to the unit",
    errors.PostingNotFound: "the unit has no such post",
    errors.ItemNotFound: "no item has this number",
    errors.CaseNotFound: "the unit has no case of this number",
    errors.NoLongerInAlbum: "not published, or of another unit",
    errors.ManifestInvalid: "not what this site signed, changed since, or damaged",
    errors.BackupDamaged: "a part of the backup is missing, or is not what was written",
    errors.BackupTooNew: "the backup is newer than this program: upgrade the program",
    errors.TargetNotEmpty: "there is something already, and nothing was written over it",
    errors.CopyDiffers: "what was copied is not the same",
    errors.FileAbsent: "the store has no such file",
}
