"""Who saw or changed what, and the log over everything that a third party can check."""
