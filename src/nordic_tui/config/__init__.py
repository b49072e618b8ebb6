"""What belongs to the person and the machine: places, settings, the answer about history."""
