namespace HmsMesh.Sidecar.Tests.Cel;

internal static class CelLiteralCases
{
    public const string Text = """
        # Syntax: precedence
        1 + 2 * 3  =>  7
        (1 + 2) * 3  =>  9
        -2 * 3  =>  -6
        10 - 4 - 3  =>  3
        100 / 10 / 2  =>  5
        7 % 4 * 2  =>  6
        1 + 1 == 2 && 2 < 3  =>  true
        true || false && false  =>  true
        !true || true  =>  true
        !(true || true)  =>  false
        !!true  =>  true
        --5  =>  5
        ---5  =>  -5
        true ? 1 : false ? 2 : 3  =>  1
        false ? 1 : false ? 2 : 3  =>  3
        1 < 2 == true  =>  true
        1 // a comment  =>  1
        .1 + .2 > 0.3  =>  true

        # Numeric Values
        0  =>  0
        9223372036854775807  =>  9223372036854775807
        -9223372036854775808  =>  -9223372036854775808
        0x7fffffffffffffff  =>  9223372036854775807
        -0x8000000000000000  =>  -9223372036854775808
        0xFF  =>  255
        7u  =>  7u
        7U  =>  7u
        0xFFu  =>  255u
        18446744073709551615u  =>  18446744073709551615u
        1.5  =>  1.5
        .700e1  =>  7.0
        7e0  =>  7.0
        1E-3  =>  0.001
        2.5e+2  =>  250.0
        -0.0  =>  -0.0

        # String and Bytes Values
        ''  =>  ''
        "it's"  =>  'it's'
        'say "so"'  =>  'say "so"'
        '''a'b''c'''  =>  'a'b''c'
        "\"\\\?\`"  =>  '"\?`'
        r'\n\d'  =>  '\n\d'
        R"\x41"  =>  '\x41'
        r'''a\'b'''  =>  'a\'b'
        '\x41\101\u0041\U00000041'  =>  'AAAA'
        '\X4a'  =>  'J'
        '\u00e4' == 'ä'  =>  true
        '\303\277' == 'Ã¿'  =>  true
        '\U0001F600' == '😀'  =>  true
        '\a\b\f\n\r\t\v' == '\007\010\014\012\015\011\013'  =>  true
        b'abc'  =>  b:616263
        B"ä"  =>  b:c3a4
        b'\303\277'  =>  b:c3bf
        b'\xff\377'  =>  b:ffff
        br'\n'  =>  b:5c6e
        b'''a'b'''  =>  b:612762
        b'a' + b'b'  =>  b:6162

        # Aggregate Values
        []  =>  []
        [1, 2, 3,]  =>  [1, 2, 3]
        [1, 'a', true]  =>  [1, 'a', true]
        [[1], []]  =>  [[1], []]
        {}  =>  {}
        {'a': 1, 'b': 2,}  =>  {'a': 1, 'b': 2}
        {1: 'a', 2u: 'b', true: 'c', 'x': 'd'}  =>  {1: 'a', 2u: 'b', true: 'c', 'x': 'd'}
        {'a': {'b': [1]}}  =>  {'a': {'b': [1]}}
        {'a': 1, 'a': 2}  =>  error
        {1: 1, dyn(1u): 2}  =>  error
        {dyn(1.5): 1}  =>  error
        [1, 1 / 0]  =>  error

        # Booleans and Null
        null  =>  null
        null == null  =>  true
        dyn(null) == 0  =>  false
        dyn(null) == ''  =>  false

        # Type Values
        type(1)  =>  int
        type(1u)  =>  uint
        type(1.0)  =>  double
        type('a')  =>  string
        type(b'a')  =>  bytes
        type(true)  =>  bool
        type(null)  =>  null_type
        type([])  =>  list
        type({})  =>  map
        type(timestamp(0))  =>  google.protobuf.Timestamp
        type(duration('1s'))  =>  google.protobuf.Duration
        type(int)  =>  type
        type(type(1)) == type(string)  =>  true
        type(1) == string  =>  false
        type(duration('1s')) == google.protobuf.Duration  =>  true
        type(timestamp(0)) == .google.protobuf.Timestamp  =>  true
        """;
}
