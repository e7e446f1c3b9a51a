import { BUTTER, OAT, ROSE, SAGE, SKY } from './palettes.ts';
import { oneOf, option, picture, product, upTo } from './shop-language.ts';

const size = option('Size', 'Small', ['Regular', 60], ['Large', 120]);
const glass = option('Size', 'Regular', ['Large', 100]);

const milk = oneOf(
  'Milk',
  'Full cream',
  'Skim',
  ['Lactose free', 50],
  ['Soy', 70],
  ['Oat', 80],
  ['Almond', 80],
);
const strength = upTo(1, 'Strength', 'Half strength', ['Decaf', 50]);
const extras = upTo(
  4,
  'Extras',
  ['Extra shot', 60, 2],
  ['Vanilla', 60, 2],
  ['Caramel', 60, 2],
  ['Honey', 50],
);
const ownCup = upTo(1, 'Cup', ['I bring my own cup', -30]);

export const coffee = [
  product({
    slug: 'flat-white',
    name: 'Flat white',
    about: [
      'A double shot of our house blend under a thin layer of silky milk. The coffee comes first, the milk only rounds it off.',
    ],
    category: 'coffee',
    tags: ['espresso', 'milk'],
    sku: 'CF-FLAT',
    price: 480,
    options: [size],
    groups: [milk, strength, extras, ownCup],
    pictures: [
      picture('flat-white', [OAT, '#f4efe6', '#b07a4a'], 'A flat white with a poured tulip, in a white cup'),
      picture('paper-cup', [ROSE, '#b5533a', '#4a3a34'], 'A takeaway cup with a rust-red sleeve'),
    ],
  }),
  product({
    slug: 'cappuccino',
    name: 'Cappuccino',
    about: [
      'One part espresso, one part milk, one part foam, and a dusting of dark cocoa. Drink it slowly or wear the moustache.',
    ],
    category: 'coffee',
    tags: ['espresso', 'milk'],
    sku: 'CF-CAPP',
    price: 490,
    options: [size],
    groups: [milk, strength, extras, ownCup],
    pictures: [
      picture('cappuccino', [SAGE, '#5f7f86', '#b07a4a'], 'A cappuccino dusted with cocoa, in a blue cup'),
    ],
  }),
  product({
    slug: 'latte',
    name: 'Latte',
    about: ['Plenty of steamed milk over a double shot, in a tall glass. The gentlest way into the morning.'],
    category: 'coffee',
    tags: ['espresso', 'milk'],
    sku: 'CF-LATT',
    price: 480,
    options: [size],
    groups: [milk, strength, extras, ownCup],
    pictures: [
      picture('latte', [BUTTER, '#b98455', '#f6e9d6'], 'A latte in a glass, with a heart in the foam'),
    ],
  }),
  product({
    slug: 'long-black',
    name: 'Long black',
    about: ['Two shots over hot water, so that the crema stays whole. Clear, strong and good to think with.'],
    category: 'coffee',
    tags: ['espresso', 'black'],
    sku: 'CF-LONG',
    price: 450,
    options: [option('Size', 'Regular', ['Large', 60])],
    groups: [strength, extras, ownCup],
    pictures: [picture('long-black', [ROSE, '#f1ebe0', '#3a2013'], 'A long black in a white cup')],
  }),
  product({
    slug: 'espresso',
    name: 'Espresso',
    about: ['A short double shot from the house blend: dark chocolate, dried fig, gone in three sips.'],
    category: 'coffee',
    tags: ['espresso', 'black'],
    sku: 'CF-ESPR',
    price: 380,
    groups: [upTo(1, 'On the side', 'Sparkling water', ['Warm milk', 50])],
    pictures: [picture('espresso', [SKY, '#b5533a', '#3a2013'], 'An espresso in a small red cup')],
  }),
  product({
    slug: 'mocha',
    name: 'Mocha',
    about: [
      'Espresso stirred into melted dark chocolate, topped with steamed milk and a swirl of the same chocolate.',
    ],
    category: 'coffee',
    tags: ['espresso', 'milk', 'chocolate'],
    sku: 'CF-MOCH',
    price: 540,
    options: [size],
    groups: [milk, strength, extras, ownCup],
    pictures: [picture('mocha', [OAT, '#d9c7a8', '#8a5a3a'], 'A mocha with a chocolate swirl')],
  }),
  product({
    slug: 'batch-brew',
    name: 'Batch brew',
    about: [
      'Filter coffee brewed by the litre every half hour from whatever Slow Lantern roasted last. Ask at the counter what is on today.',
    ],
    category: 'coffee',
    tags: ['filter', 'black'],
    sku: 'CF-BATC',
    price: 420,
    options: [option('Size', 'Mug', ['Bottomless', 250])],
    groups: [upTo(1, 'Milk on the side', 'Full cream', ['Oat', 50]), ownCup],
    pictures: [picture('mug', [SAGE, '#e9e2d6', '#b78a60'], 'A stoneware mug of filter coffee')],
  }),
];

export const teaAndCold = [
  product({
    slug: 'hot-chocolate',
    name: 'Hot chocolate',
    about: [
      'Real chocolate, 54 per cent, melted into milk to order. Marshmallows are part of it unless you say otherwise.',
    ],
    category: 'tea-and-chocolate',
    tags: ['milk', 'chocolate', 'kids'],
    sku: 'TC-CHOC',
    price: 550,
    options: [option('Size', ['Small', 0], ['Regular', 70])],
    groups: [
      milk,
      upTo(2, 'Make it yours', 'No marshmallows', ['Pinch of chilli', 0], ['Whipped cream', 80]),
      ownCup,
    ],
    pictures: [
      picture(
        'hot-chocolate',
        [ROSE, '#6f8f82', '#d8b894'],
        'Hot chocolate with marshmallows, in a green mug',
      ),
    ],
  }),
  product({
    slug: 'sticky-chai',
    name: 'Sticky chai',
    about: [
      'Black tea, ginger, cardamom and honey, left to grow sticky for a week and simmered with your milk. Comes as a pot with a small cup.',
    ],
    category: 'tea-and-chocolate',
    tags: ['tea', 'milk', 'spice'],
    sku: 'TC-CHAI',
    price: 620,
    groups: [milk, upTo(1, 'Honey', 'Less honey', 'More honey')],
    pictures: [picture('chai', [OAT, '#b5643c', '#c99a6a'], 'A clay pot of chai with a small cup')],
  }),
  product({
    slug: 'pot-of-tea',
    name: 'Pot of tea',
    about: [
      'Loose leaves from small gardens, enough water for two cups. Pick your leaf; milk and lemon come along if you like.',
    ],
    category: 'tea-and-chocolate',
    tags: ['tea'],
    sku: 'TC-TEA',
    price: 550,
    groups: [
      oneOf('Leaf', 'English breakfast', 'Earl grey', 'Green sencha', 'Peppermint', ['Lemon myrtle', 50]),
      upTo(2, 'On the side', 'Milk', 'Lemon', ['Honey', 50]),
    ],
    pictures: [picture('teapot', [SAGE, '#e7d9bd', '#9a6a45'], 'A cream-coloured teapot')],
  }),
  product({
    slug: 'iced-latte',
    name: 'Iced latte',
    about: ['A double shot poured over cold milk and a full glass of ice. Stir it, or watch it sink.'],
    category: 'cold-drinks',
    tags: ['espresso', 'milk', 'cold'],
    sku: 'CD-ILAT',
    price: 620,
    options: [glass],
    groups: [milk, extras],
    pictures: [picture('iced-latte', [SKY, '#8a5630', '#f4e6d4'], 'An iced latte with a paper straw')],
  }),
  product({
    slug: 'cold-brew-with-orange',
    name: 'Cold brew with orange',
    about: [
      'Steeped for sixteen hours, served black over ice with a slice of orange. Soft, long and quietly strong.',
    ],
    category: 'cold-drinks',
    tags: ['filter', 'black', 'cold'],
    sku: 'CD-BREW',
    price: 600,
    options: [glass],
    groups: [upTo(2, 'Add', ['Tonic water', 100], ['Splash of oat', 60])],
    pictures: [
      picture('cold-brew', [BUTTER, '#4a2614', '#e8963a'], 'Cold brew over ice with a slice of orange'),
    ],
  }),
  product({
    slug: 'lemon-and-mint-soda',
    name: 'Lemon and mint soda',
    about: ['Pressed lemons, a little raw sugar, mint from the courtyard and soda water. Cloudy on purpose.'],
    category: 'cold-drinks',
    tags: ['cold', 'kids', 'vegan'],
    sku: 'CD-LEMO',
    price: 580,
    options: [glass],
    groups: [oneOf('Sweetness', 'As it comes', 'Less sweet', 'No sugar'), upTo(1, 'Ice', 'No ice')],
    pictures: [picture('lemonade', [ROSE, '#f2dc82', '#f0c437'], 'A glass of lemonade with mint')],
  }),
];
