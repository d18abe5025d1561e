-- What minimums and caps come to (M8, I3): priced like charges, but lines only through what they
-- are compared with.
-- One row per request and step.

{{ priced_steps(['minimum', 'cap']) }}
