"""What is sent by mail or webhook: alerts and the digest."""
