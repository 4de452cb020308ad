"""What the desk's rooms show of deliveries: every read takes the actor and filters by his scope."""
