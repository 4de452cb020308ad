"""A sample province: invented subjects, and the files agencies would really send about them."""
