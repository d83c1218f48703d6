"""The invented clubs of the simulated leagues."""

_AMERICAN = (
    "Albany Falconers, Anchorage Northmen, Bakersfield Drillers, Boise Ridgebacks, Buffalo Creek Stampede, "
    "Cape Fear Corsairs, Charleston Lanterns, Cheyenne Outriders, Des Moines Harvesters, Duluth Icebreakers, "
    "El Paso Mesas, Fargo Blizzard, Fresno Condors, Grand Rapids Foundry, Harrisburg Keystones, "
    "Hartford Beacons, Honolulu Breakers, Huntsville Comets, Knoxville Ramblers, Lincoln Prairie Wolves, "
    "Little Rock Diamonds, Louisville Thoroughbreds, Mobile Mariners, Norfolk Admirals, Omaha Mainliners, "
    "Providence Anchors, Reno High Rollers, Richmond Sentinels, Santa Fe Coyotes, Savannah Ghosts, "
    "Spokane Timberline, Tucson Scorpions"
)
_ENGLISH = (
    "Abbeyford, Ashcombe Rovers, Barrowmere Town, Castleby United, Dunmoor Athletic, Eastwick Albion, "
    "Fernhill City, Greyport Wanderers, Harrowgate Vale, Ironbridge Works, Kingsmarsh, Larkfield County, "
    "Millbrook Rangers, Northolt Park, Oakhampton, Penwick Harbour, Queensferry, Redcliffe Orient, "
    "Stonebury, Thornleigh Villa"
)

AMERICAN_CLUBS: tuple[str, ...] = tuple(_AMERICAN.split(", "))
ENGLISH_CLUBS: tuple[str, ...] = tuple(_ENGLISH.split(", "))
