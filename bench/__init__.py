"""Measurements: our pipeline against yardsticks that do the bare work, in one run, so that ratios
hold on any machine.
"""
