import { BUTTER, OAT, ROSE, SAGE, SKY } from './palettes.ts';
import { between, oneOf, option, picture, product, upTo } from './shop-language.ts';

const warmed = upTo(2, 'Serve it', 'Warmed', ['With butter', 80], ['With jam', 100]);
const bread = oneOf('Bread', 'Sourdough', 'Dark rye', ['Gluten free', 200]);

export const bakery = [
  product({
    slug: 'butter-croissant',
    name: 'Butter croissant',
    about: [
      'Three days in the making, twenty-seven layers, nothing but flour, butter, milk, salt and patience. Out of the oven at seven.',
    ],
    category: 'bakery',
    tags: ['pastry', 'vegetarian'],
    sku: 'BK-CROI',
    price: 520,
    stock: { each: 42 },
    groups: [warmed],
    pictures: [picture('croissant', [BUTTER, '#d8923f', '#fff6e0'], 'A butter croissant')],
  }),
  product({
    slug: 'almond-croissant',
    name: 'Almond croissant',
    about: [
      'Yesterday’s croissant, soaked in vanilla syrup, filled with almond cream and baked again. Better than it has any right to be.',
    ],
    category: 'bakery',
    tags: ['pastry', 'vegetarian', 'nuts'],
    sku: 'BK-ALMO',
    price: 680,
    stock: { each: 18 },
    groups: [upTo(1, 'Serve it', 'Warmed')],
    pictures: [
      picture(
        'almond-croissant',
        [ROSE, '#d8923f', '#f0dcb6'],
        'A croissant with flaked almonds and icing sugar',
      ),
    ],
  }),
  product({
    slug: 'blueberry-muffin',
    name: 'Blueberry muffin',
    about: [
      'Buttermilk batter, lemon zest and more blueberries than the recipe allows. The top is crisp, the middle is not.',
    ],
    category: 'bakery',
    tags: ['cake', 'vegetarian'],
    sku: 'BK-MUFF',
    price: 560,
    stock: { each: 24 },
    groups: [warmed],
    pictures: [picture('muffin', [SKY, '#dda75c', '#4b5487'], 'A blueberry muffin')],
  }),
  product({
    slug: 'cinnamon-scroll',
    name: 'Cinnamon scroll',
    about: [
      'Soft brioche rolled with brown sugar and cinnamon, finished with a cream cheese icing while it is still warm.',
    ],
    category: 'bakery',
    tags: ['pastry', 'vegetarian'],
    sku: 'BK-SCRO',
    price: 620,
    stock: { each: 0 },
    groups: [upTo(1, 'Serve it', 'Warmed')],
    pictures: [picture('cinnamon-scroll', [OAT, '#d9a466', '#8a4a25'], 'A cinnamon scroll with icing')],
  }),
  product({
    slug: 'banana-bread',
    name: 'Banana bread',
    about: [
      'A thick slice, dark with ripe bananas and a little treacle. We like it toasted, with salted butter.',
    ],
    category: 'bakery',
    tags: ['cake', 'vegetarian'],
    sku: 'BK-BANA',
    price: 550,
    stock: { each: 20 },
    groups: [upTo(2, 'Serve it', 'Toasted', ['With butter', 80], ['With ricotta', 150])],
    pictures: [picture('banana-bread', [SAGE, '#a8662c', '#e9c688'], 'Banana bread, two slices cut')],
  }),
  product({
    slug: 'country-sourdough',
    name: 'Country sourdough',
    about: [
      'A dark, slow loaf of stoneground wheat with a little rye, proved overnight in its basket. It keeps for four days and toasts for three more.',
    ],
    category: 'bakery',
    tags: ['bread', 'vegan'],
    sku: 'BK-SOUR',
    price: 500,
    stock: { each: 16 },
    options: [option('Loaf', 'Half', ['Whole', 400])],
    groups: [oneOf('Slicing', 'Whole, please', 'Sliced', 'Sliced thick')],
    pictures: [
      picture('sourdough', [ROSE, '#b5722f', '#fbf1de'], 'A floured sourdough loaf with three cuts'),
    ],
  }),
  product({
    slug: 'box-of-six-biscuits',
    name: 'Box of six biscuits',
    about: [
      'Six big biscuits, any mix you like, packed in a paper box. They are still a little soft in the middle until evening.',
    ],
    category: 'bakery',
    tags: ['cake', 'vegetarian', 'to share'],
    sku: 'BK-BISC',
    price: 2200,
    stock: { each: 9 },
    groups: [
      between(
        [6, 6],
        'Your six',
        ['Dark chocolate chip', 0, 6],
        ['Oat and raisin', 0, 6],
        ['Ginger', 0, 6],
        ['Peanut and sea salt', 30, 6],
      ),
    ],
    pictures: [picture('cookies', [SKY, '#d3a05e', '#4a2a1c'], 'A stack of chocolate chip biscuits')],
  }),
];

export const kitchen = [
  product({
    slug: 'ham-and-cheese-toastie',
    name: 'Ham and cheese toastie',
    about: [
      'Leg ham, two cheeses and mustard between buttered bread, pressed until it gives in. Cut corner to corner.',
    ],
    category: 'lunch',
    tags: ['hot'],
    sku: 'LU-TOAS',
    price: 1350,
    groups: [
      bread,
      upTo(3, 'Add', ['Tomato', 100], ['Pickles', 80], ['Chilli jam', 80], ['Extra cheese', 150, 2]),
      upTo(2, 'Leave out', 'Mustard', 'Butter', ['Ham', -200]),
    ],
    pictures: [
      picture('toastie', [OAT, '#cf9145', '#f0b440'], 'A toasted ham and cheese sandwich on a plate'),
    ],
  }),
  product({
    slug: 'chicken-baguette',
    name: 'Chicken baguette',
    about: [
      'Poached chicken with tarragon mayonnaise, tomato and a great deal of lettuce in a baguette from this morning.',
    ],
    category: 'lunch',
    tags: ['cold'],
    sku: 'LU-BAGU',
    price: 1480,
    options: [option('Size', ['Half', 0], ['Whole', 520])],
    groups: [
      upTo(2, 'Add', ['Avocado', 250], ['Bacon', 300]),
      upTo(3, 'Leave out', 'Mayonnaise', 'Tomato', 'Lettuce'),
    ],
    pictures: [
      picture('baguette', [SAGE, '#cf8d42', '#f0dcb8'], 'A baguette filled with chicken, tomato and lettuce'),
    ],
  }),
  product({
    slug: 'avocado-on-toast',
    name: 'Avocado on toast',
    about: [
      'Sliced avocado, lemon, sesame and a soft egg on thick toast. Ask for chilli if the night was short.',
    ],
    category: 'lunch',
    tags: ['hot', 'vegetarian'],
    sku: 'LU-AVOC',
    price: 1850,
    groups: [
      bread,
      oneOf('Egg', 'Soft', 'Hard', ['No egg', -250]),
      upTo(3, 'Add', ['Second egg', 300], ['Feta', 300], ['Smoked trout', 600], ['Chilli', 0]),
    ],
    pictures: [picture('avocado-toast', [ROSE, '#dfe3e0', '#9dbb5c'], 'Avocado on toast with a halved egg')],
  }),
  product({
    slug: 'garden-bowl',
    name: 'Garden bowl',
    about: [
      'Leaves, freekeh and whatever the growers brought, with a dressing shaken to order. Choose a base and two to four things to go on it.',
    ],
    category: 'lunch',
    tags: ['cold', 'vegetarian'],
    sku: 'LU-GARD',
    price: 1690,
    groups: [
      oneOf('Base', 'Leaves', 'Freekeh', 'Half and half'),
      between(
        [2, 4],
        'On it',
        'Roast pumpkin',
        'Heirloom tomato',
        'Pickled beetroot',
        'Toasted seeds',
        ['Soft egg', 300],
        ['Feta', 300],
        ['Poached chicken', 500, 2],
      ),
      oneOf('Dressing', 'Lemon and olive oil', 'Tahini', 'On the side'),
    ],
    pictures: [picture('salad', [BUTTER, '#e9e3d8', '#d9573f'], 'A bowl of leaves, grains and tomatoes')],
  }),
  product({
    slug: 'soup-of-the-day',
    name: 'Soup of the day',
    about: ['Roast pumpkin and ginger this week, finished with cream and crisp seeds. Bread comes with it.'],
    category: 'lunch',
    tags: ['hot', 'vegetarian'],
    sku: 'LU-SOUP',
    price: 1290,
    options: [option('Size', 'Cup', ['Bowl', 350])],
    groups: [
      oneOf('Bread', 'Sourdough', 'Dark rye', 'No bread', ['Gluten free', 200]),
      upTo(1, 'Leave out', 'Cream'),
    ],
    pictures: [picture('soup', [SKY, '#7d8f97', '#e08a34'], 'A blue bowl of pumpkin soup')],
  }),
];
