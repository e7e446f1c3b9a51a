import type { DemoCustomer, DemoPerson } from './shop.ts';

/** Everyone here is invented: addresses of example.com, telephone numbers that are set aside for fiction. */

export const coffeePeople: readonly DemoPerson[] = [
  person('Marguerite Okafor', 'owner'),
  person('Tobias Lindqvist', 'manager', 'juniper-row'),
  person('Anjali Rao', 'manager', 'slow-lantern'),
  person('Felix Moretti', 'staff', 'juniper-row'),
  person('Hana Whitlock', 'staff', 'juniper-row', 'slow-lantern'),
];

export const outdoorPeople: readonly DemoPerson[] = [
  person('Rowan Castellano', 'owner'),
  person('Ingrid Halloran', 'manager', 'hollin-and-scree'),
  person('Mateo Brandt', 'staff', 'hollin-and-scree'),
];

function person(name: string, role: DemoPerson['role'], ...stores: readonly string[]): DemoPerson {
  const [first = ''] = name.toLowerCase().split(' ');
  return { name, email: `${first}@example.com`, username: first, role, stores };
}

const CAFE = ['juniper-row'];
const ROASTERY = ['slow-lantern'];
const BOTH = ['juniper-row', 'slow-lantern'];
const OUTDOOR = ['hollin-and-scree'];

type Place = readonly [line1: string, city: string, state: string | null, postcode: string];

const au = from('AU');
const nz = from('NZ');
const us = from('US');
const ca = from('CA');

export const demoCustomers: readonly DemoCustomer[] = [
  au('Priya Nair', '+61491570006', BOTH, ['7 Bellbird Street', 'Brunswick', 'VIC', '3056']),
  au('Callum Reid', '+61491570156', CAFE, ['22 Foundry Lane', 'Brunswick', 'VIC', '3056']),
  au('Yuki Tanabe', '+61491570157', BOTH, ['5/18 Almond Street', 'Brunswick East', 'VIC', '3057']),
  au('Eleni Papas', '+61491570158', CAFE, ['91 Tramway Road', 'Coburg', 'VIC', '3058']),
  au('Samuel Adeyemi', '+61491570159', CAFE, ['3 Quarry Rise', 'Brunswick West', 'VIC', '3055']),
  au('Grace Holloway', '+61491570110', CAFE, ['48 Wattle Grove', 'Fitzroy North', 'VIC', '3068']),
  au('Dmitri Volkov', '+61491570313', BOTH, ['12 Cooper’s Row', 'Carlton', 'VIC', '3053']),
  au('Amelia Thorne', '+61491570737', CAFE, ['30 Larkspur Avenue', 'Northcote', 'VIC', '3070']),
  au('Kwame Boateng', '+61491571266', BOTH, ['64 Dairy Lane', 'Thornbury', 'VIC', '3071']),
  au('Sofia Marchetti', '+61491571491', CAFE, ['9 Garnet Street', 'Preston', 'VIC', '3072']),
  au('Liam Osborne', '+61491571804', ROASTERY, ['101 Harbour Esplanade', 'Footscray', 'VIC', '3011']),
  au('Noor Haddad', '+61491572549', ROASTERY, ['17 Ironbark Court', 'Geelong', 'VIC', '3220']),
  au('Beatrix Lam', '+61491572665', ROASTERY, ['2 Goldfinch Street', 'Ballarat', 'VIC', '3350']),
  au('Jonas Feldman', '+61491572983', ROASTERY, ['56 Orchard Road', 'Castlemaine', 'VIC', '3450']),
  au('Imogen Pryce', '+61491573770', ROASTERY, ['8/40 Pepper Street', 'Newtown', 'NSW', '2042']),
  au('Arjun Mehta', '+61491573087', ROASTERY, ['25 Banksia Crescent', 'Canberra', 'ACT', '2601']),
  au('Tilly Nakamura', '+61491574118', ROASTERY, ['77 Mango Street', 'West End', 'QLD', '4101']),
  au('Oscar Lindholm', '+61491574632', ROASTERY, ['14 Vine Terrace', 'Adelaide', 'SA', '5000']),
  au('Freya Dunstan', '+61491575254', ROASTERY, ['6 Sawmill Road', 'Hobart', 'TAS', '7000']),
  au('Zainab Yusuf', '+61491575789', ROASTERY, ['39 Shipwright Street', 'Fremantle', 'WA', '6160']),
  nz('Hemi Walker', '+61491576398', ROASTERY, ['11 Kowhai Street', 'Wellington', null, '6011']),
  nz('Lucy Ferreira', '+61491576801', ROASTERY, ['83 Rata Avenue', 'Auckland', null, '1010']),
  us('Nathaniel Brooks', '+17195550111', OUTDOOR, ['411 Poncha Lane', 'Salida', 'CO', '81201']),
  us('Camila Ortega', '+13035550128', OUTDOOR, ['1820 Juniper Street', 'Denver', 'CO', '80205']),
  us('Wyatt Sorensen', '+13075550119', OUTDOOR, ['66 Elk Hollow Road', 'Laramie', 'WY', '82070']),
  us('Mei Zhang', '+18015550164', OUTDOOR, ['905 Quarry Road', 'Salt Lake City', 'UT', '84103']),
  us('Isaac Goldberg', '+15055550133', OUTDOOR, ['27 Piñon Court', 'Santa Fe', 'NM', '87501']),
  us('Harper Sinclair', '+12065550171', OUTDOOR, ['3308 Cedar Wharf', 'Seattle', 'WA', '98103']),
  us('Elijah Mbeki', '+15035550186', OUTDOOR, ['742 Fern Avenue, Apt 5', 'Portland', 'OR', '97214']),
  us('Rosalind Keane', '+14155550107', OUTDOOR, ['59 Lighthouse Row', 'San Francisco', 'CA', '94110']),
  us('Dakota Freeman', '+15125550149', OUTDOOR, ['2210 Pecan Street', 'Austin', 'TX', '78704']),
  us('Vivian Kowalski', '+13125550155', OUTDOOR, ['1400 Millwright Avenue', 'Chicago', 'IL', '60618']),
  us('Theo Marchand', '+18025550122', OUTDOOR, ['18 Maple Hill', 'Burlington', 'VT', '05401']),
  us('Naomi Whitaker', '+19175550138', OUTDOOR, ['255 Bridge Street, 4B', 'Brooklyn', 'NY', '11215']),
  us('Gideon Achterberg', '+16035550116', OUTDOOR, ['5 Granite Lane', 'Concord', 'NH', '03301']),
  us('Leilani Kahale', '+18085550193', OUTDOOR, ['70 Plumeria Way', 'Honolulu', 'HI', '96816']),
  us('Anders Nygaard', '+19075550177', OUTDOOR, ['12 Spruce Landing', 'Anchorage', 'AK', '99501']),
  ca('Chloé Beaulieu', '+15145550102', OUTDOOR, ['88 rue des Érables', 'Montréal', 'QC', 'H2J 2K9']),
  ca('Graham MacLeod', '+14165550140', OUTDOOR, ['310 Willow Crescent', 'Toronto', 'ON', 'M4K 1P2']),
  ca('Sanjit Dhillon', '+16045550158', OUTDOOR, ['2455 Harbourview Drive', 'Vancouver', 'BC', 'V5N 4A3']),
  ca('Maren Stewart', '+19025550169', OUTDOOR, ['9 Wharf Road', 'Halifax', 'NS', 'B3H 2Y7']),
];

type CustomerNote = (name: string, mobile: string, stores: readonly string[], place: Place) => DemoCustomer;

/** How customers of a country are noted. */
function from(country: string): CustomerNote {
  return (name, mobile, stores, [line1, city, state, postcode]) => {
    const [firstName = '', lastName = ''] = name.split(' ');
    const email = `${plain(firstName)}.${plain(lastName)}@example.com`;
    const address = { country, state, postcode, city, line1, line2: null };
    return { firstName, lastName, email, mobile, stores, address };
  };
}

/** The letters of a name as they go into an address: Chloé → chloe. */
function plain(name: string): string {
  return name
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/[^a-z]/g, '');
}
