"""Debit notes, credit notes and certificates: HTML templates → PDF."""
