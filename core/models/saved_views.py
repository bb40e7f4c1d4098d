"""Views that a coordinator keeps: a name for what is chosen in a list."""

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from core.models.base import Base


class SavedView(Base):
    """A named choice of one account in one list. `choices` is a JSON object, as the list's address writes them."""

    __tablename__ = "saved_view"
    __table_args__ = (Index("uq_saved_view_name", "account_id", "place", "name", unique=True),)
    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    place: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(60))
    choices: Mapped[str] = mapped_column(Text)
