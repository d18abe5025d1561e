"""How studies divide: a macro `study.quotient`."""

# A quotient of decimals with six decimals, half away from zero; empty over zero.
QUOTIENT = """
create or replace macro study.millionths(number) as
    cast(abs(cast(number as decimal(30, 6))) * 1000000 as hugeint);

create or replace macro study.quotient(numerator, denominator) as
    cast(
        cast(
            sign(numerator) * sign(denominator)
            * (
                (study.millionths(numerator) * 2000000 + study.millionths(denominator))
                // nullif(study.millionths(denominator) * 2, 0)
            ) as decimal(24, 0)
        ) * cast('1e-6' as decimal(7, 6)) as decimal(18, 6)
    )
"""
