"""What somebody teaches and what a course is about."""

from enum import StrEnum


class Level(StrEnum):
    """The level of education somebody teaches in or a course is meant for."""

    KO = "KO"
    LO = "LO"
    SO = "SO"
    BUKO = "BuKO"
    BULO = "BuLO"
    BUSO = "BuSO"
    DBSO = "DBSO"
    SVWO = "SVWO"
    HBO5 = "HBO5"
    HO = "HO"
    DKO = "DKO"
    CLB = "CLB"


class JobFunction(StrEnum):
    """A person's main function in education («ambt»)."""

    NURSERY_TEACHER = "nursery_teacher"
    PRIMARY_TEACHER = "primary_teacher"
    TEACHER = "teacher"
    PE_TEACHER = "pe_teacher"
    RELIGION_TEACHER = "religion_teacher"
    CARE_COORDINATOR = "care_coordinator"
    ICT_COORDINATOR = "ict_coordinator"
    EDUCATOR = "educator"
    BOARDING_EDUCATOR = "boarding_educator"
    CHILD_CARER = "child_carer"
    SPEECH_THERAPIST = "speech_therapist"
    ADMINISTRATOR = "administrator"
    DEPUTY_HEAD = "deputy_head"
    HEAD = "head"
    PUPIL_COUNSELLOR = "pupil_counsellor"
    GRADE_COORDINATOR = "grade_coordinator"
    CLB_COUNSELLOR = "clb_counsellor"
    STUDENT = "student"
    OTHER = "other"


class Subject(StrEnum):
    """A subject taught («vak»)."""

    DUTCH = "dutch"
    FRENCH = "french"
    ENGLISH = "english"
    GERMAN = "german"
    SPANISH = "spanish"
    LATIN = "latin"
    GREEK = "greek"
    NT2 = "nt2"
    MATHEMATICS = "mathematics"
    PHYSICS = "physics"
    CHEMISTRY = "chemistry"
    BIOLOGY = "biology"
    SCIENCE = "science"
    GEOGRAPHY = "geography"
    HISTORY = "history"
    ECONOMICS = "economics"
    ICT = "ict"
    TECHNOLOGY = "technology"
    PAV = "pav"
    ARTS = "arts"
    PE = "pe"
    RELIGION = "religion"
    CITIZENSHIP = "citizenship"
    CARE = "care"
    SCHOOL_POLICY = "school_policy"
    NURSERY = "nursery"


class Theme(StrEnum):
    """What a course is about, across subjects («thema»)."""

    GENERAL_DIDACTICS = "general_didactics"
    AI = "ai"
    DIGITAL = "digital"
    LANGUAGE = "language"
    STEM = "stem"
    ARTS = "arts"
    CARE = "care"
    DIVERSITY = "diversity"
    CLASSROOM = "classroom"
    ASSESSMENT = "assessment"
    LEADERSHIP = "leadership"
    SELF_CARE = "self_care"
