"""What each intent means in the vendor's two schedule stores (reference 6)."""
