"""What the scripted people of the demo say, each in their own way and each line once. All invented."""

# How they end "I come back because".
LINES: dict[str, tuple[str, ...]] = {
    "Selma": (
        "they tell me what can wait.",
        "my daughter's bike gets the same care as mine.",
        "the price on the paper is the price at the counter.",
        "I can leave the trailer on it and nobody sighs.",
        "they ring before lunch, when I can still change my plans.",
        "I may ask the same thing about the chain every spring.",
        "I was early once and they did not pretend to be ready.",
        "they keep the old part in a bag, so that I see what I paid for.",
        "my bike is not an expensive one, and they never made me notice.",
        "it rained and somebody had dried the saddle. I have not forgotten it.",
        "they lent me a lamp and wrote my first name on a piece of tape. That was the contract.",
        "the children get to pump the tyres, and the tyres survive.",
        "they told my son which end was the front, and kept a straight face.",
    ),
    "Oskar": (
        "the bell still rings when I come in.",
        "it is on my way, and I would go out of it.",
        "they say no when no is the answer.",
        "I asked for the cheapest repair and got it, with a short silence.",
        "my bicycle is older than the man who mends it, and the two get along.",
        "they admit it when they do not know. It happens about once a year.",
        "I was wrong about that noise four times, and they listened the fifth time too.",
        "nobody sends me five stars to fill in afterwards.",
        "they said it was time for a new one, and had none in stock. I believed them.",
        "the coffee is bad and they say so.",
        "they know that I do not talk before ten.",
        "somebody stood on the pavement with me until we had both heard the click.",
        "the clock on the wall is wrong and the day they name is right.",
    ),
    "Janne": (
        "they order in time, and when they do not they say so.",
        "they send back what is broken and keep what is not.",
        "they pay in the month they said.",
        "they ask what we can make before they tell us what they want.",
        "their complaints come with a photograph and a measurement.",
        "I have met the one who unpacks our boxes, and he waved.",
        "they say whose part it is, also on the day it fails.",
        "a small order gets the same answer as a large one.",
        "they tried our worst idea for a week before they said no.",
        "when rims got dearer they read the letter to the end.",
        "they write the size on the order. It is rarer than you think.",
    ),
}
# Who works there does not come back to the shop but goes to work in it: she says what the work tells her, beside the ideas (title, words),
COMMENTS: dict[str, tuple[tuple[str, str], ...]] = {
    "Wanda": (
        ("Whoever mends it signs for it", "I would sign. My handwriting is the weak point of this plan."),
        ("Whoever mends it signs for it", "On Saturdays two of us work on the same bike. Two names then, please."),
        ("Whoever mends it signs for it", "When I sign I look at the brakes a second time. That is worth the ink."),
        ("Lend a bike while ours is with you", "One of the two old ones squeaks. I can mend that by Thursday."),
        ("Lend a bike while ours is with you", "Who pays when it comes back with a dent? I would say we do, and write down whose dent it was."),
        ("Lend a bike while ours is with you", "We have the bikes. What we lack is a third lock."),
        ("A repair evening a month, everybody with their own bike", "I came to help, and a customer showed me how to true a wheel."),
        ("A repair evening a month, everybody with their own bike", "More gloves next time. We ran out at seven."),
        ("A repair evening a month, everybody with their own bike", "Could the front desk have an evening too, with the cash book? Nobody would come, I know."),
    )
}
# and suggests changes of what is promised (the sentence, instead of it, why).
CHANGES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "Wanda": (
        (
            "Whoever works on it is someone you can ask.",
            "Whoever works on it signs the tag, and is someone you can ask.",
            "People ask for a name anyway. We may as well write it down.",
        ),
        (
            "If we were wrong, we put it right without a bill.",
            "If we were wrong, we say so first, and put it right without a bill.",
            "Saying it is the harder half.",
        ),
        (
            "You bring us a bicycle, and we treat it as the way you get to work, to school and home.",
            "You bring us a bicycle, and we treat it as your way to work, to school and home.",
            "Shorter, and it is how people say it at the counter.",
        ),
    )
}
