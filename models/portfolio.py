"""The portfolio as rows: who is served, on what terms, and what the meters read.

Energy is in kWh, power in kW, money in dollars, power factor a fraction. A `billing_month`
is the first day of the month that the billing system labels a period with.
"""

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Numeric, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import PORTFOLIO, TARIFF, Base, Code, CostInput, Day, Money, Quantity, Words

MONTH_START = "extract(day from billing_month) = 1"
NEVER_NEGATIVE = (
    "kwh", "kwh_received", "kwh_on_peak", "kwh_off_peak", "kw", "kw_on_peak", "kw_off_peak",
    "kwh_interruption",
)  # fmt: skip


def _utility() -> ForeignKey:
    """The reference to a utility, judged at the end: the tariffs are loaded again under it."""
    return ForeignKey(f"{TARIFF}.utility.utility", deferrable=True, initially="DEFERRED")


def _of(table: str, *key: str, name: str) -> ForeignKeyConstraint:
    """The reference of a further value to its row, which a correction writes anew."""
    columns = [f"{PORTFOLIO}.{table}.{column}" for column in key]
    return ForeignKeyConstraint(key, columns, name=name, deferrable=True, initially="DEFERRED")


class ServiceAgreement(Base):
    __tablename__ = "service_agreement"
    __table_args__ = (
        CheckConstraint("end_date > start_date", name="range"),
        CheckConstraint("extra_facilities_investment >= 0", name="investment"),
        CheckConstraint("backup_firm_kw >= 0", name="backup_firm_kw"),
        ExcludeConstraint(
            ("agreement_id", "="),
            (text("daterange(start_date, end_date)"), "&&"),
            name="ex_service_agreement_range",
        ),
        {
            "schema": PORTFOLIO,
            "comment": "One row per agreement and stretch of time with the same terms.",
            "info": {"bulk": True},
        },
    )
    agreement_id: Mapped[Code] = mapped_column(primary_key=True)
    start_date: Mapped[Day] = mapped_column(primary_key=True)
    end_date: Mapped[Day | None] = mapped_column(comment="first day that no longer counts")
    account_id: Mapped[Code | None]
    utility: Mapped[Code] = mapped_column(_utility())
    schedule: Mapped[Code] = mapped_column(comment="may be one that no tariff holds")
    customer_class: Mapped[Code | None]
    voltage: Mapped[Code | None]
    phase: Mapped[Code | None]
    space_heating: Mapped[bool]
    water_heating: Mapped[bool]
    all_electric: Mapped[bool]
    secondary_metered: Mapped[bool]
    customer_owned_transformation: Mapped[bool]
    extra_facilities_investment: Mapped[Money | None] = mapped_column(comment="dollars")
    backup_firm_kw: Mapped[Quantity | None] = mapped_column(comment="contracted kW")
    combined_with_agreement_id: Mapped[Code | None]


class ServiceAgreementAttribute(Base):
    __tablename__ = "service_agreement_attribute"
    __table_args__ = (
        _of(
            "service_agreement",
            "agreement_id",
            "start_date",
            name="fk_service_agreement_attribute_terms",
        ),
        {
            "schema": PORTFOLIO,
            "comment": "One row per further attribute of an agreement's stretch of terms.",
            "info": {"bulk": True},
        },
    )
    agreement_id: Mapped[Code] = mapped_column(primary_key=True)
    start_date: Mapped[Day] = mapped_column(primary_key=True)
    attribute: Mapped[Code] = mapped_column(primary_key=True)
    value: Mapped[Words]


class MeterRead(Base):
    __tablename__ = "meter_read"
    __table_args__ = (
        CheckConstraint("read_to > read_from", name="range"),
        CheckConstraint(MONTH_START, name="billing_month"),
        *(CheckConstraint(f"{name} >= 0", name=name) for name in NEVER_NEGATIVE),
        CheckConstraint("power_factor > 0 and power_factor <= 1", name="power_factor"),
        {
            "schema": PORTFOLIO,
            "comment": "One row per agreement and billing month read.",
            "info": {"bulk": True},
        },
    )
    agreement_id: Mapped[Code] = mapped_column(primary_key=True)
    billing_month: Mapped[Day] = mapped_column(primary_key=True)
    read_from: Mapped[Day] = mapped_column(comment="first day of service")
    read_to: Mapped[Day] = mapped_column(comment="day after the last day of service")
    kwh: Mapped[Quantity | None] = mapped_column(comment="delivered, kWh")
    kwh_received: Mapped[Quantity | None] = mapped_column(comment="from the customer, kWh")
    kwh_on_peak: Mapped[Quantity | None]
    kwh_off_peak: Mapped[Quantity | None]
    kw: Mapped[Quantity | None] = mapped_column(comment="maximum measured, kW")
    kw_on_peak: Mapped[Quantity | None]
    kw_off_peak: Mapped[Quantity | None]
    power_factor: Mapped[Quantity | None] = mapped_column(comment="fraction")
    kwh_interruption: Mapped[Quantity | None] = mapped_column(comment="used while interrupted")


# The quantities that are columns of a read.
READ_QUANTITIES = tuple(
    column.name for column in MeterRead.__table__.c if isinstance(column.type, Numeric)
)
READ_KWH = tuple(name for name in READ_QUANTITIES if name.startswith("kwh"))
READ_KW = tuple(name for name in READ_QUANTITIES if name == "kw" or name.startswith("kw_"))
# Those that bills are made of besides, and where they come from.
NOT_OF_READS = {
    "days": "read_from and read_to",
    "lamp_watts": "unit_inventory",
    "lighting_hours": "lighting_hours",
    "enrolled_quantity": "rider_enrollments",
    "extra_facilities_investment": "service_agreements",
    "backup_firm_kw": "service_agreements",
}


class MeterReadQuantity(Base):
    __tablename__ = "meter_read_quantity"
    __table_args__ = (
        _of("meter_read", "agreement_id", "billing_month", name="fk_meter_read_quantity_read"),
        CheckConstraint(MONTH_START, name="billing_month"),
        {
            "schema": PORTFOLIO,
            "comment": "One row per further determinant of a read (kvar, kva, kw_coincident …).",
            "info": {"bulk": True},
        },
    )
    agreement_id: Mapped[Code] = mapped_column(primary_key=True)
    billing_month: Mapped[Day] = mapped_column(primary_key=True)
    determinant: Mapped[Code] = mapped_column(primary_key=True)
    quantity: Mapped[Quantity]


class RiderEnrollment(Base):
    __tablename__ = "rider_enrollment"
    __table_args__ = (
        CheckConstraint("end_date > start_date", name="range"),
        CheckConstraint("quantity >= 0", name="quantity"),
        {
            "schema": PORTFOLIO,
            "comment": "One row per agreement, rider and start of enrollment.",
            "info": {"bulk": True},
        },
    )
    agreement_id: Mapped[Code] = mapped_column(primary_key=True)
    rider: Mapped[Code] = mapped_column(primary_key=True)
    start_date: Mapped[Day] = mapped_column(primary_key=True)
    end_date: Mapped[Day | None]
    option: Mapped[Code | None] = mapped_column(comment="column of the rider's table")
    quantity: Mapped[Quantity | None] = mapped_column(comment="blocks, kW of participation …")


class UnitInventory(Base):
    __tablename__ = "unit_inventory"
    __table_args__ = (
        CheckConstraint("end_date > start_date", name="range"),
        CheckConstraint("quantity >= 0", name="quantity"),
        CheckConstraint("input_watts >= 0", name="input_watts"),
        {
            "schema": PORTFOLIO,
            "comment": "One row per agreement, unit code, input watts and start.",
            "info": {"bulk": True},
        },
    )
    agreement_id: Mapped[Code] = mapped_column(primary_key=True)
    unit_code: Mapped[Code] = mapped_column(primary_key=True)
    input_watts: Mapped[Quantity] = mapped_column(
        primary_key=True, comment="a lamp's, ballast included; 0 where blank"
    )
    start_date: Mapped[Day] = mapped_column(primary_key=True)
    quantity: Mapped[Quantity | None]
    end_date: Mapped[Day | None]


class RiderCostInput(Base):
    __tablename__ = "rider_cost_input"
    __table_args__ = (
        CheckConstraint(MONTH_START, name="billing_month"),
        {
            "schema": PORTFOLIO,
            "comment": "One row per utility, rider, billing month and variable of its formula.",
            "info": {"bulk": True},
        },
    )
    utility: Mapped[Code] = mapped_column(_utility(), primary_key=True)
    rider: Mapped[Code] = mapped_column(primary_key=True)
    billing_month: Mapped[Day] = mapped_column(primary_key=True)
    variable: Mapped[Code] = mapped_column(primary_key=True)
    value: Mapped[CostInput | None]


class LightingHours(Base):
    __tablename__ = "lighting_hours"
    __table_args__ = (
        CheckConstraint(MONTH_START, name="billing_month"),
        CheckConstraint("hours >= 0", name="hours"),
        {
            "schema": PORTFOLIO,
            "comment": "One row per utility and billing month.",
            "info": {"bulk": True},
        },
    )
    utility: Mapped[Code] = mapped_column(_utility(), primary_key=True)
    billing_month: Mapped[Day] = mapped_column(primary_key=True)
    hours: Mapped[Quantity | None] = mapped_column(comment="dusk to dawn, hours")


class BilledAmount(Base):
    __tablename__ = "billed_amount"
    __table_args__ = (
        CheckConstraint(MONTH_START, name="billing_month"),
        {
            "schema": PORTFOLIO,
            "comment": "One row per agreement, billing month: what the billing system charged.",
            "info": {"bulk": True},
        },
    )
    agreement_id: Mapped[Code] = mapped_column(primary_key=True)
    billing_month: Mapped[Day] = mapped_column(primary_key=True)
    billed_net_amount: Mapped[Money | None]
    customer_amount: Mapped[Money | None]
    energy_amount: Mapped[Money | None]
    demand_amount: Mapped[Money | None]
    facilities_amount: Mapped[Money | None]
    minimum_amount: Mapped[Money | None]
    discount_amount: Mapped[Money | None]
    adjustment_amount: Mapped[Money | None]
    rider_amount: Mapped[Money | None]
    credit_amount: Mapped[Money | None]
