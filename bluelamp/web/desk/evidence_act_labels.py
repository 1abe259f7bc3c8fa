"""What each audited act about evidence and exhibits is called on screen."""

# fmt: off
EVIDENCE_ACT_LABELS = {
    "evidence.continuity_noted": "Added to an item's continuity",
    "evidence.copied": "Downloaded an original",
    "evidence.item_viewed": "Viewed an item",
    "evidence.items_listed": "Viewed the pictures of items",
    "evidence.keys_published": "Published the keys that packages are sealed with",
    "evidence.package_sealed": "Sealed a package",
    "evidence.previewed": "Made a preview",
    "evidence.taken_in": "Received an item",
    "evidence.viewed": "Viewed a preview",
    "exhibit.added": "Gave an item an exhibit reference",
    "exhibit.announced": "Gave an exhibit reference at the scene",
    "exhibit.references_leased": "Got exhibit references for a device",
    "exhibit.scene_added": "Made exhibits of items from scenes",
    "exhibit.reference_viewed": "Viewed the next exhibit reference",
}
# fmt: on
