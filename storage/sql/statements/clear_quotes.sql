-- Forget the quotes of an event and what its regions brought; selections keep their numbers.
WITH forgotten AS (
    DELETE FROM core_betting.event_bookmaker_regions WHERE event_id = :event_id AND source = :source
)
DELETE FROM core_betting.quotes
USING core_betting.selections
WHERE selections.id = quotes.selection_id AND selections.event_id = :event_id AND selections.source = :source
