"""Pure rules: values in, a value or a refusal out. No database, no clock, no settings."""
