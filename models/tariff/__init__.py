"""The tariffs as rows: who prints them, when they hold, and what they say.

Everything below a version names the sheet it was read from and, where the sheet leaves
room, the ruling it is read under. A name that a version gives to a quantity (`kwh`,
`billing_demand_kw`, a slice of a split) is an *operand* wherever another row uses it.
"""

from models.tariff.books import (
    AgreementDeterminant,
    Requirement,
    Schedule,
    SeasonMonth,
    Sheet,
    SourceDocument,
    Utility,
    Version,
)
from models.tariff.charges import (
    Charge,
    ChargeBase,
    ChargeStep,
    Formula,
    FormulaInput,
    RiderApplicability,
    ScheduleRider,
)
from models.tariff.conditions import Condition, ConditionSet, ConditionSpan, ConditionValue
from models.tariff.eligibility import EligibilityCondition, EligibilityRule, EligibilityValue
from models.tariff.findings import (
    Acknowledgement,
    PrintedClaim,
    PrintedClaimFactor,
    PrintedDate,
    ReaderNote,
    ScheduleMention,
)
from models.tariff.quantities import (
    Combination,
    CombinationQuantity,
    DemandGroup,
    DemandRule,
    DemandTerm,
    DemandTermMonth,
    Determinant,
    DeterminantTerm,
    Split,
    SplitStep,
)
from models.tariff.time_of_use import (
    Holiday,
    TimeOfUse,
    TimeOfUseDay,
    TimeOfUseHoliday,
    TimeOfUseMonth,
    TimeOfUsePeriod,
)

__all__ = [
    "Acknowledgement",
    "AgreementDeterminant",
    "Charge",
    "ChargeBase",
    "ChargeStep",
    "Combination",
    "CombinationQuantity",
    "Condition",
    "ConditionSet",
    "ConditionSpan",
    "ConditionValue",
    "DemandGroup",
    "DemandRule",
    "DemandTerm",
    "DemandTermMonth",
    "Determinant",
    "DeterminantTerm",
    "EligibilityCondition",
    "EligibilityRule",
    "EligibilityValue",
    "Formula",
    "FormulaInput",
    "Holiday",
    "PrintedClaim",
    "PrintedClaimFactor",
    "PrintedDate",
    "ReaderNote",
    "Requirement",
    "RiderApplicability",
    "Schedule",
    "ScheduleMention",
    "ScheduleRider",
    "SeasonMonth",
    "Sheet",
    "SourceDocument",
    "Split",
    "SplitStep",
    "TimeOfUse",
    "TimeOfUseDay",
    "TimeOfUseHoliday",
    "TimeOfUseMonth",
    "TimeOfUsePeriod",
    "Utility",
    "Version",
]
