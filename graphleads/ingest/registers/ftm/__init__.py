"""FollowTheMoney: entities and the relations between them, as one stream of objects."""
