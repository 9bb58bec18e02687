namespace HmsMesh.Sidecar.Tests.Cel;

internal static class CelFunctionCases
{
    public const string Text = """
        # Macros: all, exists, exists_one
        [1, 2, 3].all(x, x > 0)  =>  true
        [1, 2, 3].all(x, x > 1)  =>  false
        [].all(x, x > 1)  =>  true
        [1, 0].all(x, 1 / x > 5)  =>  false
        [0, 1].all(x, 1 / x > 0)  =>  error
        [1, 2].exists(x, x == 2)  =>  true
        [].exists(x, x == 2)  =>  false
        [0, 1].exists(x, 1 / x == 1)  =>  true
        [0, 2].exists(x, 1 / x == 1)  =>  error
        [dyn('a'), 1].exists(x, x)  =>  error
        [1, 2, 2].exists_one(x, x == 1)  =>  true
        [1, 2, 2].exists_one(x, x == 2)  =>  false
        [0, 1].exists_one(x, 1 / x == 1)  =>  error
        {'a': 1, 'b': 2}.all(k, k < 'c')  =>  true
        {'a': 1, 'b': 2}.exists(k, k == 'b')  =>  true
        {'a': 1, 'b': 2}.exists_one(k, k.startsWith('a'))  =>  true
        [[1, 2], [3]].all(l, l.exists(x, x % 2 == 1))  =>  true
        [1, 2].exists(x, [x].exists(x, x == 2))  =>  true
        dyn(1).all(x, true)  =>  error

        # Macros: filter, map
        [1, 2, 3].filter(x, x > 1)  =>  [2, 3]
        {'a': 1, 'b': 2}.filter(k, k == 'a')  =>  ['a']
        [0, 1].filter(x, 1 / x > 0)  =>  error
        [1, 2, 3].map(x, x * x)  =>  [1, 4, 9]
        [1, 2, 3].map(x, x > 1, x * 10)  =>  [20, 30]
        {'a': 1, 'b': 2}.map(k, k + '!')  =>  ['a!', 'b!']
        [0].map(x, 1 / x)  =>  error
        [1, 2].map(x, [x].map(y, y + x))  =>  [[2], [4]]
        [1, 2].map(x, {'n': x}.n)  =>  [1, 2]

        # size
        size('')  =>  0
        size('häß')  =>  3
        '😀'.size()  =>  1
        size(b'\xff\xfe')  =>  2
        b'ä'.size()  =>  2
        size([1, 2])  =>  2
        {'a': 1}.size()  =>  1
        size(dyn(1))  =>  error

        # String Functions
        'hello'.startsWith('he')  =>  true
        'hello'.startsWith('')  =>  true
        'hello'.endsWith('lo')  =>  true
        'hello'.endsWith('hello!')  =>  false
        'hello'.contains('ell')  =>  true
        'hello'.contains('ELL')  =>  false
        dyn(1).contains('1')  =>  error

        # Regular Expressions
        'hubba'.matches('ubb')  =>  true
        matches('hubba', '^hub')  =>  true
        'hubba'.matches('^ubb')  =>  false
        'a\n'.matches('^a$')  =>  false
        'a\nb'.matches('(?m)^b$')  =>  true
        'AbC'.matches('(?i)^abc$')  =>  true
        'a\nb'.matches('a.b')  =>  false
        'a\nb'.matches('(?s)a.b')  =>  true
        '😀'.matches('^.$')  =>  true
        '😀'.matches('^[^a]$')  =>  true
        '😀😀'.matches('^😀{2}$')  =>  true
        '٣'.matches('^\\d$')  =>  false
        'é'.matches('^\\w$')  =>  false
        'é'.matches('^\\pL$')  =>  true
        'é'.matches('^\\p{L}$')  =>  true
        'é'.matches('^\\W$')  =>  true
        'x_1'.matches('^[[:alpha:]_\\d]+$')  =>  true
        'a.b'.matches('^\\Qa.b\\E$')  =>  true
        'a]b'.matches('^a[]]b$')  =>  true
        'ab'.matches('^(?P<one>a)(?:b)$')  =>  true
        'ab'.matches('^a\\x{62}$')  =>  true
        'ab'.matches('(?U)^a.*$')  =>  true
        'aaa'.matches('^a{2,3}$')  =>  true
        'a'.matches(dyn('('))  =>  error
        'a'.matches(dyn('(?=a)'))  =>  error
        'a'.matches(dyn('(a)\\1'))  =>  error
        'a'.matches('a' + '$')  =>  true

        # Type conversions: numbers
        int(1.9)  =>  1
        int(-1.9)  =>  -1
        int(9007199254740993u)  =>  9007199254740993
        int('-42')  =>  -42
        int('4.2')  =>  error
        int(' 4')  =>  error
        int(1e19)  =>  error
        int(9223372036854775808.0)  =>  error
        int(-9223372036854775808.0)  =>  error
        int(0.0 / 0.0)  =>  error
        int(18446744073709551615u)  =>  error
        int(timestamp('1970-01-02T00:00:00Z'))  =>  86400
        uint(7)  =>  7u
        uint(-1)  =>  error
        uint(1.9)  =>  1u
        uint(-0.5)  =>  error
        uint('18446744073709551615')  =>  18446744073709551615u
        uint('18446744073709551616')  =>  error
        double(1)  =>  1.0
        double(18446744073709551615u)  =>  1.8446744073709552e+19
        double('1.5e3')  =>  1500.0
        double('-Infinity')  =>  -Inf
        double('x')  =>  error

        # Type conversions: bool, string, bytes, dyn
        bool('true')  =>  true
        bool('F')  =>  false
        bool('yes')  =>  error
        string(1)  =>  '1'
        string(1u)  =>  '1'
        string(-4.5e-3)  =>  '-0.0045'
        string(123.456)  =>  '123.456'
        string(1e100)  =>  '1e+100'
        string(true)  =>  'true'
        string(b'\xc3\xa4')  =>  'ä'
        string(b'\xff')  =>  error
        string(timestamp('2026-01-31T12:00:00.120Z'))  =>  '2026-01-31T12:00:00.12Z'
        string(duration('90m'))  =>  '5400s'
        string(duration('1.5s'))  =>  '1.5s'
        string(dyn([]))  =>  error
        bytes('ä')  =>  b:c3a4
        dyn(1)  =>  1
        """;
}
