"""The people of the example organisation: a bicycle workshop with its customers and suppliers. All invented."""

from dataclasses import dataclass

from cocreate.people.groups import Group, Role

DOMAIN = "halden.example"
ORGANISATION = "Halden Bikes"
SENTENCE = "A workshop of nine people who mend what gets you to work, to school and home."


@dataclass(frozen=True)
class Part:
    """Somebody in the story. `scripted` people act by themselves while somebody looks."""

    name: str
    group: Group
    role: Role = "member"
    team: str | None = None
    scripted: bool = False

    @property
    def email(self) -> str:
        return f"{self.name.split()[0].lower()}@{DOMAIN}"


# As whom a visitor of the demo may sit down.
SEATED = (
    Part("Cleo", "customer"),
    Part("Emil", "employee", team="Workshop"),
    Part("Mona", "management"),
    Part("Mira", "employee", "moderator", team="Front desk"),
)
# Management and staff who are not seats, so that groups are of a believable size.
INSIDE = (
    Part("Arne", "management", "admin"),
    Part("Ruth", "management"),
    Part("Sofie", "employee", team="Workshop"),
    Part("Jonas", "employee", team="Workshop"),
    Part("Tove", "employee", team="Front desk"),
    Part("Malik", "employee", team="Workshop"),
)
OUTSIDE = (
    *(Part(name, "customer") for name in ("Karim", "Lena", "Ole", "Ines", "Hugo", "Greta", "Yusuf", "Nora", "Theo", "Ida")),
    Part("Piet", "partner"),
    Part("Anna", "partner"),
    Part("Rolf", "partner"),
    Part("Bea", "partner"),
)
SCRIPTED = (
    Part("Selma (scripted)", "customer", scripted=True),
    Part("Oskar (scripted)", "customer", scripted=True),
    Part("Wanda (scripted)", "employee", scripted=True),
    Part("Janne (scripted)", "partner", scripted=True),
)
EVERYBODY = (*SEATED, *INSIDE, *OUTSIDE, *SCRIPTED)
