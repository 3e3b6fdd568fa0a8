/** Texts for the properties that the stack's schemas name; anything else gets a general sentence. */

// %s is a word of the request, so that an answer is recognisably about it.
const PHRASES: Record<string, string[]> = {
  title: ['Specialist: %s', 'Engineer, %s', 'Team lead, %s'],
  summary: [
    'The facts about %s fit together well; two of them deserve a closer look.',
    'A solid picture around %s, with room to grow in the first half-year.',
    'Strong in %s, less so in what surrounds it.',
  ],
  responsibilities: [
    'Own the work on %s from idea to operation',
    'Review what colleagues do around %s',
    'Keep the documentation of %s true',
    'Take part in planning every two weeks',
    'Share the on-call duty of the team',
  ],
  requirements: [
    'Three years of work with %s',
    'Clear writing in one language of the team',
    'Habit of testing before a change goes out',
    'Experience with services that others depend on',
    'Readiness to say what is not known',
  ],
  conditions: [
    'Flexible hours and remote days',
    'A budget for courses and books',
    'A named colleague for the first three months',
    'Equipment of your choice',
    'Yearly review of the salary',
  ],
  topic: ['%s', 'Working with %s', 'Trade-offs in %s'],
  question: [
    'Tell about a decision around %s that you would take differently today.',
    'How do you find out that %s has stopped working well?',
    'What would you ask before you change %s?',
    'Where does %s reach its limits, and what did you do there?',
  ],
  expected_answer: [
    'Names a concrete case, the alternatives and what was measured.',
    'Begins with what users see, then narrows down with data.',
    'Knows the costs as well as the gains.',
  ],
  strengths: [
    'Long practice with %s',
    'Measures results and names figures',
    'Explains decisions with their alternatives',
    'Has taken responsibility for operation',
    'Learns in public',
  ],
  gaps: [
    'Little said about %s at scale',
    'No example of leading others',
    'Tests are mentioned but not described',
    'Security is left out',
    'Motivation for the change stays open',
  ],
}

const GENERAL = ['Noted with regard to %s.', 'This concerns %s.', 'See %s for the details.']

/** The phrases of a property. */
export function phrasesOf(property: string): string[] {
  return PHRASES[property] ?? GENERAL
}
