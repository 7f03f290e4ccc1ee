"""What tests stand on: deliveries written from rows, contracts for implementations, and a register that never was."""
