"""Declarations of victims, sealed, with their inbox and answers; proposals of items that resemble what they declared."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

# The last made first.
TABLES = (
    "proposals",
    "declared_photos",
    "declared_objects",
    "declaration_messages",
    "declarations",
    "declaration_key",
    "declaration_inbox",
    "declaration_answers",
)


def upgrade() -> None:
    op.create_table(
        "declaration_answers",
        sa.Column("locator", sa.String(length=64), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("locator", name=op.f("pk_declaration_answers")),
    )
    op.create_table(
        "declaration_inbox",
        sa.Column("receipt", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("receipt", name=op.f("pk_declaration_inbox")),
    )
    op.create_index(op.f("ix_declaration_inbox_received_at"), "declaration_inbox", ["received_at"])

    op.create_table(
        "declaration_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("recipient", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration_key")),
    )
    op.create_table(
        "declarations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "open",
                "closed",
                "quarantined",
                name="declarationstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("unit_id", sa.Integer(), nullable=True),
        sa.Column("departement", sa.String(length=3), nullable=False),
        sa.Column("theft_from", sa.Date(), nullable=True),
        sa.Column("theft_until", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("receipt", sa.String(length=32), nullable=False),
        sa.Column("locator", sa.String(length=64), nullable=False),
        sa.Column("answer_recipient", sa.String(length=80), nullable=False),
        sa.Column("proof_digest", sa.String(length=64), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_declarations_unit_id_units")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declarations")),
        sa.UniqueConstraint("locator", name=op.f("uq_declarations_locator")),
        sa.UniqueConstraint("receipt", name=op.f("uq_declarations_receipt")),
        sa.UniqueConstraint("reference", name=op.f("uq_declarations_reference")),
    )
    op.create_index(op.f("ix_declarations_ends_on"), "declarations", ["ends_on"])
    op.create_index("ix_declarations_listed", "declarations", ["state", "departement", "declared_at"])
    op.create_index(op.f("ix_declarations_unit_id"), "declarations", ["unit_id"])

    op.create_table(
        "declaration_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("declaration_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["declaration_id"],
            ["declarations.id"],
            name=op.f("fk_declaration_messages_declaration_id_declarations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration_messages")),
    )
    op.create_index(op.f("ix_declaration_messages_declaration_id"), "declaration_messages", ["declaration_id"])

    op.create_table(
        "declared_objects",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column("declaration_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("serial_key", sa.String(length=64), nullable=False),
        sa.Column("serial_look_key", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("compared_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["category_id"], ["categories.id"], name=op.f("fk_declared_objects_category_id_categories")
        ),
        sa.ForeignKeyConstraint(
            ["declaration_id"],
            ["declarations.id"],
            name=op.f("fk_declared_objects_declaration_id_declarations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declared_objects")),
        sa.UniqueConstraint("public_id", name=op.f("uq_declared_objects_public_id")),
    )
    op.create_index(op.f("ix_declared_objects_category_id"), "declared_objects", ["category_id"])
    op.create_index(op.f("ix_declared_objects_compared_at"), "declared_objects", ["compared_at"])
    op.create_index(op.f("ix_declared_objects_declaration_id"), "declared_objects", ["declaration_id"])
    op.create_index(op.f("ix_declared_objects_serial_key"), "declared_objects", ["serial_key"])
    op.create_index(op.f("ix_declared_objects_serial_look_key"), "declared_objects", ["serial_look_key"])

    op.create_table(
        "declared_photos",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column("object_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_signature", sa.LargeBinary(), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["object_id"],
            ["declared_objects.id"],
            name=op.f("fk_declared_photos_object_id_declared_objects"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declared_photos")),
        sa.UniqueConstraint("public_id", name=op.f("uq_declared_photos_public_id")),
    )
    op.create_index(op.f("ix_declared_photos_object_id"), "declared_photos", ["object_id"])
    op.create_index(op.f("ix_declared_photos_version"), "declared_photos", ["version"])

    op.create_table(
        "proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column("object_id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "strong", "medium", "weak", name="proposallevel", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "new",
                "later",
                "shown",
                "dismissed",
                name="proposalstate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by_id"], ["officers.id"], name=op.f("fk_proposals_decided_by_id_officers")),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_proposals_item_id_items"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["object_id"],
            ["declared_objects.id"],
            name=op.f("fk_proposals_object_id_declared_objects"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposals")),
        sa.UniqueConstraint("object_id", "item_id", name=op.f("uq_proposals_object_id_item_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_proposals_public_id")),
    )
    op.create_index(op.f("ix_proposals_item_id"), "proposals", ["item_id"])
    op.create_index("ix_proposals_waiting", "proposals", ["state", "made_at"])


def downgrade() -> None:
    for name in TABLES:
        op.drop_table(name)
