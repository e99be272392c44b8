"""Asks a deployed model real questions, and says whether it may go on to production."""
